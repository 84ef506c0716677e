// The search of clip_accelerator: its goals, and how it is run.
#pragma once

#include "../terminal/search_log.hpp"
#include "../terminal/stop.hpp"
#include "options.hpp"
#include "results.hpp"

#include <verdant/evaluators/accelerator_bounds.hpp>
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/optimizer/bounded.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces.hpp>
#include <verdant/study/result_folder.hpp>

#include <type_traits>

namespace clip_accelerator {

namespace vd = verdant;

// [study]
template <class Optimizer>
using hardware_study = vd::search<vd::spaces::accelerator,                                                    //
                                  vd::minimize<vd::latency, vd::threshold<0.1>, vd::seconds>,                 //
                                  vd::minimize<vd::total_carbon, vd::threshold<1>, vd::kilograms_co2e>,       //
                                  vd::subject_to<vd::area, vd::at_most<31'990'347>, vd::square_micrometres>,  //
                                  vd::subject_to<vd::tops, vd::at_most<20.48>>,                               //
                                  vd::track<vd::embodied_carbon>, vd::track<vd::operational_carbon>,          //
                                  vd::track<vd::lifetime_energy>, Optimizer>;
// [/study]

/// Finds the front of the exhaustive search without searching mappings where lower bounds rule an accelerator out.
using bounded_search = vd::bounded_search<vd::accelerator_bounds<>>;

template <class Optimizer>
void run(const settings& s, typename Optimizer::options optimizer) {
    // Whatever may be wrong with the settings is found out before anything is made or written.
    const auto& model = vd::workload::clip_named(s.model);
    vd::carbon::life life;
    life.grid = vd::carbon::parse_intensity(s.use_intensity);
    life.fab.intensity = vd::carbon::parse_intensity(s.fab_intensity);
    life.inferences = s.inferences;
    vd::result_folder out{s.out};

    const vd::accelerator_estimator measure{model, life};
    constexpr bool bounded = std::is_same_v<Optimizer, bounded_search>;
    if constexpr (bounded) optimizer.bound = vd::accelerator_bounds{measure};

    // [run]
    using study = hardware_study<Optimizer>;
    study search{measure};
    search.template at_most<vd::area>(s.area_limit * vd::square_millimetres{}).template at_most<vd::tops>(s.tops_limit);
    search.template threshold<vd::latency>(s.latency_threshold * vd::seconds{});
    search.template threshold<vd::total_carbon>(s.carbon_threshold * vd::kilograms_co2e{});

    constexpr bool all = bounded || std::is_same_v<Optimizer, vd::exhaustive_search>;
    const typename study::options options{.trials = s.trials > 0 ? s.trials : all ? 3240 : settings::usual_trials,
                                          .seed = s.seed,
                                          .threads = s.threads,
                                          .optimizer = optimizer,
                                          .time_limit = s.time_limit * vd::seconds{}};
    claim(out, facts_of(s, options));
    vd::progress_line<study> progress{search.limits()};
    terminal::search_log log;
    vd::interrupts stop;
    const auto found = search.run(options, progress, log, stop);
    // [/run]

    write_files(out, s, found, options);
    print(s, found, options.trials, bounded ? "(the others are ruled out by their lower bounds)" : "(there were no more points)");
    if (found.reason() == vd::stop_reason::requested)
        throw terminal::stopped("clip_accelerator", "the files hold what was found, and the same command finds it again before it goes on");
}

} // namespace clip_accelerator
