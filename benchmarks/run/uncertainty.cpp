#include <verdant/carbon/uncertain_footprint.hpp>
#include <verdant/goal.hpp>
#include <verdant/uncertainty.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

namespace vd = verdant;
namespace un = verdant::uncertainty;
namespace carbon = verdant::carbon;

namespace {

carbon::uncertain_life inputs() {
    carbon::uncertain_life l{carbon::life{}};
    l.fab_intensity = un::uniform{480.8 * vd::grams_per_kilowatt_hour{}, 546.7 * vd::grams_per_kilowatt_hour{}};
    l.gases = un::truncated_normal{150.0 * vd::grams_per_square_centimetre{}, 30.0 * vd::grams_per_square_centimetre{},
                                   50.0 * vd::grams_per_square_centimetre{}, 300.0 * vd::grams_per_square_centimetre{}};
    l.yield = un::triangular{0.7, 0.875, 0.95};
    l.grid = un::lognormal{carbon::british_columbia, 0.5};
    l.inferences = un::lognormal{3e7, 1.0};
    return l;
}

/// Another chip in each call.
struct chips {
    double area = 4e-6;
    void next() { area = area > 4e-5 ? 4e-6 : area + 1e-8; }
    [[nodiscard]] vd::si::area die() const { return vd::from_si<vd::si::area>(area); }
};

/// The total footprint of a chip in 1000 draws.
void footprint(benchmark::State& state) {
    const carbon::uncertain_footprint of{inputs(), {.seed = 1, .count = static_cast<std::size_t>(state.range(0))}};
    un::draws<vd::si::mass> total{of.size()};
    chips all;
    for (auto _ : state) {
        all.next();
        of.total(all.die(), 0.02 * vd::joules{}, total);
        benchmark::DoNotOptimize(total.si().data());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(footprint)->Arg(1000)->Arg(10'000);

/// The same, and the 95th percentile of it, as a search evaluates a point: with a record of its own.
void footprint_and_quantile(benchmark::State& state) {
    const carbon::uncertain_footprint of{inputs(), {.seed = 1, .count = static_cast<std::size_t>(state.range(0))}};
    using record = vd::uncertain_metrics<vd::metrics<>, vd::drawn<vd::total_carbon>>;
    chips all;
    for (auto _ : state) {
        all.next();
        const record found{vd::metrics<>{}, of.total(all.die(), 0.02 * vd::joules{})};
        benchmark::DoNotOptimize(found.get<vd::quantile<vd::total_carbon, 0.95>>());
    }
}
BENCHMARK(footprint_and_quantile)->Arg(1000)->Arg(10'000);

/// The same arithmetic as an expression of draws with units.
void expression(benchmark::State& state) {
    const un::draw_inputs world{.seed = 1, .count = static_cast<std::size_t>(state.range(0))};
    const auto l = inputs();
    const auto fab = l.fab_intensity.drawn(world, "fab intensity"), grid = l.grid.drawn(world, "grid");
    const auto epa = l.fab_energy.drawn(world, "fab energy");
    const auto gases = l.gases.drawn(world, "gases"), materials = l.materials.drawn(world, "materials");
    const auto yield = l.yield.drawn(world, "yield"), inferences = l.inferences.drawn(world, "inferences");
    const auto memory = l.memory.drawn(world, "memory");
    un::draws<vd::si::mass> total{world.count};
    chips all;
    for (auto _ : state) {
        all.next();
        total = all.die() * ((fab * epa + gases + materials) / yield) + memory + (0.02 * vd::joules{}) * grid * inferences;
        benchmark::DoNotOptimize(total.si().data());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(expression)->Arg(1000);

/// Drawing all inputs, which is done once.
void drawing(benchmark::State& state) {
    const auto l = inputs();
    for (auto _ : state) {
        const carbon::uncertain_footprint of{l, {.seed = 1, .count = 1000}};
        benchmark::DoNotOptimize(of.size());
    }
}
BENCHMARK(drawing)->Unit(benchmark::kMicrosecond);

} // namespace
