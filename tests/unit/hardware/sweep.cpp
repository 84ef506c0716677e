#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/hardware/sweep.hpp>
#include <verdant/hardware/throughput.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include <vector>

namespace hw = verdant::hardware;
namespace wl = verdant::workload;

namespace {

std::vector<hw::accelerator> some_accelerators(std::size_t count) {
    verdant::random_stream random{5};
    const auto up_to = [&](int most) { return static_cast<int>(1 + random.below(static_cast<std::uint64_t>(most))); };
    std::vector<hw::accelerator> all{hw::h100_like.value, hw::from_clusters(4, 256, 16, 1024, 128, 8)};
    while (all.size() < count)
        all.push_back({up_to(6), up_to(4), 8 * up_to(32), up_to(64), 8 * up_to(16), 1024LL * up_to(900), up_to(128), 65536LL * up_to(100)});
    return all;
}

template <class Bounds>
void equals_scalar(const char* name) {
    const auto model = hw::lower(wl::operators(wl::clip_named(name)));
    const auto accelerators = some_accelerators(40);
    const hw::sweep<Bounds> bounds{model, accelerators};
    REQUIRE(bounds.accelerators() == accelerators.size());
    REQUIRE(bounds.operators() == model.ops.size());
    const xt::xtensor<double, 1> latency = bounds.latency(), energy = bounds.energy(), area = bounds.area(), tops = bounds.tops();
    const xt::xtensor<double, 1> live = bounds.template area<hw::live>();
    const xt::xtensor<double, 2> cycles = bounds.cycles(), picojoules = bounds.picojoules();
    REQUIRE(cycles.shape(0) == accelerators.size());
    REQUIRE(cycles.shape(1) == model.ops.size());
    const hw::estimator<Bounds> cost;
    for (std::size_t i = 0; i < accelerators.size(); ++i) {
        const auto& a = accelerators[i];
        const auto e = hw::estimate_with(Bounds{}, model, a);
        // Equal, not nearly so.
        REQUIRE(latency(i) == verdant::to_si(e.latency));
        REQUIRE(energy(i) == verdant::to_si(e.energy));
        REQUIRE(area(i) == verdant::to_si(hw::area(a)));
        REQUIRE(live(i) == verdant::to_si(hw::area<hw::live>(a)));
        REQUIRE(tops(i) == hw::tops(a));
        const auto ops = cost.breakdown(model, a);
        for (std::size_t j = 0; j < ops.size(); ++j) {
            REQUIRE(cycles(i, j) / hw::int8_22nm::cycles_per_second == verdant::to_si(ops[j].latency));
            REQUIRE(picojoules(i, j) * verdant::picojoules::factor == verdant::to_si(ops[j].energy));
        }
    }
}

} // namespace

TEST_CASE("a sweep equals the scalar closed forms to the last bit", "[hardware]") {
    equals_scalar<hw::divisor_bound_mapper>("ViT-B-16");
    equals_scalar<hw::divisor_bound_mapper>("TinyCLIP-ViT-8M-16-Text-3M-YFCC15M");
    equals_scalar<hw::bound_mapper>("ViT-B-32");
}

TEST_CASE("elements of a sweep are computed when they are asked for, and expressions combine", "[hardware]") {
    const auto model = hw::lower(wl::operators(wl::clip_named("ViT-B-32")));
    const auto accelerators = some_accelerators(7);
    const hw::sweep bounds{model, accelerators};
    const auto cycles = bounds.cycles();
    static_assert(!std::is_same_v<std::remove_cvref_t<decltype(cycles)>, xt::xtensor<double, 2>>); // an expression, no array
    const xt::xtensor<double, 2> all = cycles;
    CHECK(cycles(3, 5) == all(3, 5));
    CHECK(cycles.shape() == all.shape());
    const xt::xtensor<double, 1> slowest = xt::amax(bounds.cycles(), {1});
    for (std::size_t i = 0; i < accelerators.size(); ++i) CHECK(slowest(i) == xt::amax(xt::view(all, i))());
    const xt::xtensor<double, 1> delay = bounds.latency() * bounds.energy();
    CHECK(delay(2) == bounds.latency()(2) * bounds.energy()(2));
}

TEST_CASE("a sweep of nothing is empty, and one of an impossible chip is refused", "[hardware]") {
    const auto model = hw::lower(wl::operators(wl::clip_named("ViT-B-32")));
    const std::vector<hw::accelerator> none;
    const hw::sweep empty{model, none};
    const xt::xtensor<double, 1> latency = empty.latency();
    CHECK(latency.size() == 0);
    const std::vector<hw::accelerator> flat{hw::from_clusters(1, 0, 2, 64, 32, 2)};
    CHECK_THROWS_AS(hw::sweep(model, flat), verdant::input_error);
}
