// Accelerators for a CLIP under uncertain carbon: the one with the least mean, and the one with the least 95th percentile.

#include <verdant/carbon.hpp>
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/evaluators/uncertain_carbon.hpp>
#include <verdant/goal.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/report.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/uncertainty.hpp>

#include <iostream>

namespace vd = verdant;
namespace un = verdant::uncertainty;
namespace carbon = verdant::carbon;

// [goals]
using total = vd::total_carbon;
using tail = vd::quantile<total, 0.95>;
template <class... Goals>
using study = vd::search<vd::spaces::accelerator, Goals..., vd::track<vd::mean<total>>, vd::track<vd::quantile<total, 0.05>>, vd::track<tail>,
                         vd::subject_to<vd::latency, vd::at_most<60>>, vd::exhaustive_search>;
// [/goals]

// [inputs]
// What is not known: the grid of use over the years, how long the chip is used, the yield, and what the fab emits.
carbon::uncertain_life inputs() {
    carbon::uncertain_life life{carbon::life{.inferences = 3e7}};
    life.grid = un::lognormal{carbon::british_columbia, 0.5};
    life.inferences = un::lognormal{3e7, 1.0};
    life.yield = un::triangular{0.7, 0.875, 0.95};
    life.gases = un::truncated_normal{150.0 * vd::grams_per_square_centimetre{}, 30.0 * vd::grams_per_square_centimetre{},
                                      50.0 * vd::grams_per_square_centimetre{}, 300.0 * vd::grams_per_square_centimetre{}}; // CarbonSet
    life.fab_intensity = un::uniform{480.8 * vd::grams_per_kilowatt_hour{}, 546.7 * vd::grams_per_kilowatt_hour{}};         // CarbonSet
    return life;
}
// [/inputs]

int main(int argc, char** argv) {
    // [search]
    const vd::uncertain_carbon measure{vd::accelerator_estimator{}, carbon::uncertain_footprint{inputs(), {.seed = 7, .count = 500}}};
    const auto usual = study<vd::minimize<vd::mean<total>>>{measure}.run({.trials = 3240});
    const auto robust = study<vd::minimize<tail>>{measure}.run({.trials = 3240});
    // [/search]
    // [bands]
    using shown = vd::band<total, 0.05, 0.95, vd::mean<total>>;
    std::cout << "least mean:\n";
    vd::print_table(std::cout, vd::report_with_bands<shown>(usual.front(), {.status = false, .digits = 3}));
    std::cout << "least 95th percentile:\n";
    vd::print_table(std::cout, vd::report_with_bands<shown>(robust.front(), {.status = false, .digits = 3}));
    // [/bands]
    // [draws]
    const auto both = study<vd::minimize<vd::latency>, vd::minimize<tail>>{measure}.run({.trials = 3240});
    const auto likely = vd::front_in_draws(both, measure, vd::pareto::in_share_of_draws{0.95});
    std::cout << both.size() << " designs on the front of latency and the 95th percentile\n"
              << likely.size() << " that no other beats in both in 95 % of the draws\n";
    if (argc > 1) // where the picture goes
        vd::io::write_file(argv[1], vd::band_svg<vd::latency, shown>(both, "accelerators for a CLIP", {.y = {0, 2}}));
    // [/draws]
}
