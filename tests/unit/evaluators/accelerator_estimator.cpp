#include "catch.hpp"

#include <verdant/evaluators.hpp>
#include <verdant/goal.hpp>
#include <verdant/hardware.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces.hpp>

namespace vd = verdant;
namespace hw = verdant::hardware;

namespace {

struct tower : vd::space<vd::param<"layers", vd::range<6, 12>>> {};
struct codesign : vd::space<vd::nest<"vision", tower>, vd::nest<"hw", vd::spaces::accelerator>,
                            vd::where<vd::var<"hw.width"> * vd::var<"hw.depth"> <= vd::val<8192>>> {};

const auto text = "clusters=2 width=64 depth=16 l2_kib=256 l2_bandwidth=64 glb_mib=4";

} // namespace

TEST_CASE("an estimate of a point is that of its accelerator, metric by metric", "[spaces]") {
    const vd::accelerator_estimator estimate;
    const auto found = estimate(vd::parse_point<vd::spaces::accelerator>(text));
    const auto a = hw::from_clusters(2, 64, 16, 256, 64, 4);
    const auto cost = hw::estimator<>{}(hw::lower(vd::workload::operators(vd::workload::clip_named("ViT-B-16"))), a);
    const auto whole = vd::carbon::footprint_of(hw::area(a), cost.energy);
    REQUIRE(found.get<vd::latency>() == cost.latency);
    REQUIRE(found.get<vd::energy>() == cost.energy);
    REQUIRE(found.get<vd::area>() == hw::area(a));
    REQUIRE(found.get<vd::tops>() == hw::tops(a));
    REQUIRE(found.get<vd::total_carbon>() == whole.total);
    REQUIRE(found.get<vd::embodied_carbon>() == whole.embodied());
    REQUIRE(found.get<vd::lifetime_energy>() == cost.energy * 3e7);
    REQUIRE(vd::to_si(found.get<vd::embodied_carbon>() + found.get<vd::operational_carbon>()) == Approx(vd::to_si(whole.total)));
    REQUIRE(estimate.estimate(a) == found);
}

TEST_CASE("an accelerator nested below hw is found in a larger space, with or without constraints", "[spaces]") {
    const vd::accelerator_estimator estimate;
    auto p = vd::parse_point<codesign>("vision.layers=9 hw.clusters=2 hw.width=64 hw.depth=16 hw.l2_kib=256 hw.l2_bandwidth=64 hw.glb_mib=4");
    REQUIRE(estimate(p) == estimate(vd::parse_point<vd::spaces::accelerator>(text)));
    STATIC_REQUIRE(vd::single_evaluator<vd::accelerator_estimator, codesign>);
    STATIC_REQUIRE(vd::single_evaluator<vd::accelerator_estimator, vd::spaces::accelerator>);
    STATIC_REQUIRE_FALSE(vd::evaluator_for<vd::accelerator_estimator, tower>);
}

TEST_CASE("assumptions of a life change carbon, and nothing else", "[spaces]") {
    const auto& model = vd::workload::clip_named("ViT-B-16");
    vd::carbon::life idle;
    idle.inferences = 0;
    const auto p = vd::parse_point<vd::spaces::accelerator>(text);
    const auto used = vd::accelerator_estimator{model}(p), unused = vd::accelerator_estimator{model, idle}(p);
    REQUIRE(vd::to_si(unused.get<vd::operational_carbon>()) == Approx(0).margin(1e-15));
    REQUIRE(unused.get<vd::embodied_carbon>() == used.get<vd::embodied_carbon>());
    REQUIRE(unused.get<vd::latency>() == used.get<vd::latency>());
    REQUIRE(unused.get<vd::energy>() == used.get<vd::energy>());
}

TEST_CASE("threads share an estimator and find the same", "[spaces]") {
    using study = vd::search<vd::spaces::accelerator, vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>, vd::random_search>;
    const auto alone = study{vd::accelerator_estimator{}}.run({.trials = 40, .seed = 2});
    const auto together = study{vd::accelerator_estimator{}}.run({.trials = 40, .seed = 2, .threads = 4});
    REQUIRE(alone.trials() == together.trials());
}
