#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_bound.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/random/stream.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hw = verdant::hardware;

namespace {

constexpr hw::nest_problem layer =
    hw::convolution({.batch = 4, .out_channels = 64, .in_channels = 32, .rows = 28, .columns = 28, .kernel_rows = 3, .kernel_columns = 3});

constexpr std::array<hw::memory_level, 4> levels{{{.name = "DRAM", .shared_bandwidth = 8},
                                                  {.name = "buffer", .fan_out_x = 16, .read_bandwidth = 32, .write_bandwidth = 32, .keeps = 0b011},
                                                  {.name = "sums", .fan_out_x = 16, .shared_bandwidth = 2, .keeps = 0b100},
                                                  {.name = "register", .keeps = 0b001}}};

/// Mappings of four levels and seven dimensions, each with its own factors and orders.
std::vector<hw::nest_mapping> mappings(std::size_t count) {
    verdant::random_stream random{7};
    std::vector<hw::nest_mapping> out(count);
    for (auto& m : out) {
        m.level_count = 4;
        // As searches write them: at most one loop of a dimension and level, in an order of its own for each level.
        std::array<std::array<std::int32_t, 7>, 4> factors;
        for (auto& f : factors) f.fill(1);
        for (std::size_t d = 0; d < 7; ++d) {
            auto left = layer.bounds[d];
            for (const std::int32_t f : {2, 7, 3, 2, 2})
                if (left % f == 0) {
                    factors[random.below(4)][d] *= f;
                    left /= f;
                }
            if (left > 1) m.levels[1].add_spatial(d, static_cast<std::int32_t>(left));
        }
        for (std::size_t l = 0; l < 4; ++l)
            for (std::size_t i = 0, first = random.below(7); i < 7; ++i)
                if (const auto d = (first + 3 * i) % 7; factors[l][d] > 1) m.levels[l].add_temporal(d, factors[l][d]);
    }
    return out;
}

/// One nest analysis of a run-time mapping: four levels, seven dimensions, three tensors, each call another mapping.
void nest_analysis(benchmark::State& state) {
    const auto all = mappings(1024);
    std::size_t i = 0;
    hw::nest_counts counts;
    for (auto _ : state) {
        hw::analyse(layer, levels, all[i++ % all.size()], counts);
        benchmark::DoNotOptimize(counts);
    }
}
BENCHMARK(nest_analysis);

/// The same with cycles and energy.
void nest_costs(benchmark::State& state) {
    const auto all = mappings(1024);
    std::size_t i = 0;
    hw::nest_counts counts;
    for (auto _ : state) {
        hw::analyse(layer, levels, all[i++ % all.size()], counts);
        auto cost = hw::cost_of(layer, levels, {1.0}, counts);
        benchmark::DoNotOptimize(cost);
    }
}
BENCHMARK(nest_costs);

/// Lower bounds of 32 hierarchies times 32 layers; items are bounds.
void nest_bounds(benchmark::State& state) {
    std::vector<std::array<hw::memory_level, 4>> hierarchies(32, levels);
    std::vector<hw::nest_problem> layers;
    for (std::size_t i = 0; i < hierarchies.size(); ++i) {
        hierarchies[i][1].fan_out_x = 8 + static_cast<std::int64_t>(i);
        hierarchies[i][0].shared_bandwidth = 4 + static_cast<double>(i);
        layers.push_back(hw::convolution({.out_channels = 16 + 8 * static_cast<std::int64_t>(i),
                                          .in_channels = 32,
                                          .rows = 56,
                                          .columns = 56,
                                          .kernel_rows = 3,
                                          .kernel_columns = 3}));
    }
    for (auto _ : state)
        for (const auto& h : hierarchies)
            for (const auto& l : layers) {
                auto bound = hw::bound_nest(l, h, {1.0});
                benchmark::DoNotOptimize(bound);
            }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(hierarchies.size() * layers.size()));
}
BENCHMARK(nest_bounds);

} // namespace
