// The main job of the library as a whole: accelerators for CLIP ViT-B/16, latency against total carbon, area and throughput constrained.

#include "catch.hpp"

#include <verdant/evaluators.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces.hpp>

#include <cstdio>
#include <map>
#include <memory>

namespace vd = verdant;

namespace {

template <class Optimizer>
using study =
    vd::search<vd::spaces::accelerator, vd::minimize<vd::latency, vd::threshold<0.1>, vd::seconds>, vd::minimize<vd::total_carbon, vd::threshold<1>>,
               vd::subject_to<vd::area, vd::at_most<31.990347>>, vd::subject_to<vd::tops, vd::at_most<20.48>>, Optimizer>;
using found_metrics = study<vd::exhaustive_search>::goals_type::metrics_type;

} // namespace

TEST_CASE("NSGA-II finds 99.5 % of the exhaustive hypervolume of the accelerator search with 600 of its 3240 points", "[spaces]") {
    const auto all = study<vd::exhaustive_search>{vd::accelerator_estimator{}}.run({.trials = 10'000, .threads = 0});
    REQUIRE(all.trials().size() == 3240);
    REQUIRE(all.reason() == vd::stop_reason::exhausted);
    for (const auto& t : all.trials()) REQUIRE(t.completed());
    const double whole = *all.hypervolume();
    REQUIRE(whole > 0);

    // What has been measured is looked up, so that ten searches cost little.
    const auto known = std::make_shared<std::map<vd::point<vd::spaces::accelerator>, found_metrics>>();
    for (const auto& t : all.trials()) known->emplace(t.point, t.values);
    const study<vd::nsga2<>> search{[known](const vd::point<vd::spaces::accelerator>& p) { return known->at(p); }};
    double sum = 0, worst = 1;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto found = search.run({.trials = 600, .seed = seed, .optimizer = {.population = 40}});
        REQUIRE(found.trials().size() == 600);
        const double share = *found.hypervolume() / whole;
        REQUIRE(share <= 1 + 1e-12); // no more than all, but for rounding
        sum += share;
        worst = std::min(worst, share);
    }
    std::printf("NSGA-II, 600 of 3240 points, seeds 1-10: %.4f %% of the exhaustive hypervolume %.7f s kg, worst %.4f %%\n", sum * 10, whole,
                worst * 100);
    REQUIRE(sum / 10 >= 0.995);
}
