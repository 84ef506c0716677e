// Runs all searches, each kept in a file of its own.
#pragma once

#include "../../tools/terminal/search_log.hpp"
#include "../../tools/terminal/stop.hpp"
#include "options.hpp"
#include "results.hpp"
#include "study.hpp"

#include <verdant/carbon/intensity.hpp>
#include <verdant/error.hpp>
#include <verdant/parallel/interrupts.hpp>
#include <verdant/search/progress.hpp>
#include <verdant/search/start_points.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/units.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace silicon {

/// Makes the folder that of this command. @throws input_error where it has the results of another, or files of these names from elsewhere
inline void claim(vd::result_folder& out, const settings& s) {
    if (!std::filesystem::exists(out.file("settings.txt")))
        for (const auto* name : {"trials.csv", "front.csv", "study.json", "comparison.csv", "front.svg", "bands.svg", "hypervolume.svg"})
            if (std::filesystem::exists(out.file(name)))
                throw vd::input_error{"--out", "", "a folder without a " + std::string{name} + " that no settings.txt says the command of",
                                      out.path().string()};
    out.claim("settings.txt", facts_of(s));
}

inline void run(const settings& s) {
    // Whatever may be wrong with the settings is found out before anything is made or written.
    const accuracy_source accuracy{s.accuracy};
    const service served{vd::carbon::parse_intensity(s.grid), s.images_a_day};
    const design_costs measure{accuracy, world{served, {.seed = s.seed, .count = s.draws}}, s.mappings};
    vd::result_folder out{s.out};
    claim(out, s);

    // [run]
    study search{measure};
    search.threshold<estimated_accuracy>(s.least_accuracy);
    search.threshold<vd::latency>(s.latency_threshold * vd::milliseconds{});
    search.threshold<tail>(s.carbon_threshold * vd::kilograms_co2e{});
    study::options options{.trials = s.trials, .threads = s.threads};
    options.optimizer.optimizer.population = s.population;
    std::vector<one_run> runs;
    for (const auto& kind : search_kinds)
        for (std::uint64_t seed = s.seed; seed < s.seed + s.seeds; ++seed) {
            options.seed = seed;
            options.optimizer.region = part_of(kind.what);
            vd::sqlite_storage kept{out.file(std::string{kind.file} + '-' + std::to_string(seed) + ".db")};
            vd::progress_line<study> progress{search.limits()};
            terminal::search_log log;
            vd::interrupts stop;
            runs.push_back({kind, seed, search.run(options, kept, vd::start_points{usual_design()}, progress, log, stop)});
            // [/run]
            if (terminal::stop_asked())
                throw terminal::stopped("silicon", std::to_string(runs.back().found.trials().size()) + " of " + std::to_string(s.trials) +
                                                       " trials of search " + std::to_string(runs.size()) + " of " +
                                                       std::to_string(search_kinds.size() * s.seeds) + " are kept, and the same command goes on");
        }
    options.seed = s.seed;
    options.optimizer.region = part_of(searched::both);
    write_files(out, s, accuracy, runs, options);
    print(s, accuracy, runs);
}

} // namespace silicon
