#include "catch.hpp"

#include <verdant/evaluators/accelerator_bounds.hpp>
#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/optimizer/bounded.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/search.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <cstddef>
#include <vector>

namespace vd = verdant;
namespace hw = verdant::hardware;

namespace {

template <class... Rest>
using study = vd::search<vd::spaces::accelerator, vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>,
                         vd::subject_to<vd::area, vd::at_most<31'990'347>, vd::square_micrometres>, vd::subject_to<vd::tops, vd::at_most<20.48>>, Rest...>;

/// A model that is searched fast.
const vd::workload::clip_config small{.text = {2, 128, 512, 4}, .vision = {2, 197, 394, 2}, .patch = 32};

} // namespace

TEST_CASE("bounds of accelerators are below what is measured, and exact where they say so", "[spaces]") {
    const vd::accelerator_estimator measure{small};
    const vd::accelerator_bounds bound{measure};
    vd::random_stream random{21};
    std::vector<vd::point<vd::spaces::accelerator>> points;
    for (int i = 0; i < 150; ++i) points.push_back(vd::sample<vd::spaces::accelerator>(random));
    const auto least = bound(std::span<const vd::point<vd::spaces::accelerator>>{points});
    REQUIRE(least.size() == points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto found = measure(points[i]);
        REQUIRE(least[i].get<vd::latency>() <= found.get<vd::latency>());
        REQUIRE(least[i].get<vd::energy>() <= found.get<vd::energy>());
        REQUIRE(least[i].get<vd::lifetime_energy>() <= found.get<vd::lifetime_energy>());
        REQUIRE(least[i].get<vd::operational_carbon>() <= found.get<vd::operational_carbon>());
        REQUIRE(least[i].get<vd::total_carbon>() <= found.get<vd::total_carbon>());
        REQUIRE(least[i].get<vd::area>() == found.get<vd::area>());
        REQUIRE(least[i].get<vd::tops>() == found.get<vd::tops>());
        REQUIRE(least[i].get<vd::embodied_carbon>() == found.get<vd::embodied_carbon>());
        const auto a = vd::spaces::accelerator_of(points[i]);
        REQUIRE(least[i] == vd::co_design_costs<hw::lowered_model, hw::divisor_bound_mapper>{small}.estimate(a));
    }
}

TEST_CASE("a bounded search of all accelerators finds the points of the exhaustive one with fewer mappings", "[spaces]") {
    const vd::accelerator_estimator measure{small};
    const auto every = study<vd::exhaustive_search>{measure}.run({.trials = 3240});
    const auto some = study<vd::bounded_search<vd::accelerator_bounds<>>>{measure}.run({.trials = 3240, .optimizer = {.bound = vd::accelerator_bounds{measure}}});
    REQUIRE(every.trials().size() == 3240);
    CHECK(some.trials().size() < 1620);
    REQUIRE(some.size() == every.size());
    for (std::size_t i = 0; i < every.size(); ++i) {
        CHECK(some.front()[i].point == every.front()[i].point);
        CHECK(some.front()[i].values == every.front()[i].values);
    }
    for (const auto& t : some.trials()) CHECK(t.feasible());
}
