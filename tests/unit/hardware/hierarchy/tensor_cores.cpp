#include "catch.hpp"

#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/tensor_cores.hpp>
#include <verdant/hardware/mapping/search.hpp>

#include <array>
#include <cstdint>

namespace {

namespace hw = verdant::hardware;

constexpr hw::mapping_target wide{.width = 16,
                                  .depth = 8,
                                  .cores_x = 2,
                                  .cores_y = 2,
                                  .l2_words = 65536,
                                  .glb_words = 2097152,
                                  .l2_bandwidth = 1 << 20,
                                  .register_energy = 0.25,
                                  .l2_energy = 2.5,
                                  .glb_energy = 20,
                                  .dram_energy = 128};
using cores = hw::tensor_cores<wide>;

// At most one loop a level in time, so that orders do not matter: batch, input and output channels, kernel, outputs.
struct example {
    hw::loop_bounds bounds;
    hw::mapping_levels levels;
};
constexpr hw::loop_factors one{1, 1, 1, 1, 1, 1, 1};
constexpr std::array examples{
    // sums in the array stay apart: rows and columns of the product are spread
    example{hw::gemm(64, 128, 256),
            {{one, {8, 1, 16, 1, 1, 1, 1}, {1, 128, 1, 1, 1, 1, 1}, {2, 1, 2, 1, 1, 1, 1}, {1, 1, 8, 1, 1, 1, 1}, {4, 1, 1, 1, 1, 1, 1}}}},
    // partial sums go to the global buffer and to DRAM
    example{hw::gemm(64, 128, 256),
            {{{4, 1, 1, 1, 1, 1, 1},
              {8, 1, 16, 1, 1, 1, 1},
              {1, 4, 1, 1, 1, 1, 1},
              {2, 1, 2, 1, 1, 1, 1},
              {1, 1, 8, 1, 1, 1, 1},
              {1, 32, 1, 1, 1, 1, 1}}}},
    example{hw::gemm(128, 32, 64), {{one, {1, 1, 64, 1, 1, 1, 1}, {32, 1, 1, 1, 1, 1, 1}, {4, 1, 1, 1, 1, 1, 1}, {1, 32, 1, 1, 1, 1, 1}, one}}},
    // a convolution whose window slides down
    example{{{1, 8, 64, 3, 3, 28, 28}},
            {{{1, 8, 1, 3, 1, 1, 1},
              {1, 1, 64, 1, 1, 1, 1},
              {1, 1, 1, 1, 3, 1, 1},
              {1, 1, 1, 1, 1, 1, 4},
              {1, 1, 1, 1, 1, 28, 1},
              {1, 1, 1, 1, 1, 1, 7}}}}};

hw::nest_cost cost_on_cores(const example& e) {
    const auto problem = hw::nest_of(e.bounds);
    const auto counts = hw::analyse(problem, cores::levels, hw::nest_mapping_of<wide>(e.levels));
    return hw::cost_of(problem, cores::levels, cores::unit, counts, {.drains = hw::drain_traffic::ignored});
}

} // namespace

TEST_CASE("tensor cores as a hierarchy have the cycles and energies of the mapping search where nothing is reduced in space") {
    for (std::size_t i = 0; i < 3; ++i) {
        INFO(i);
        const auto today = hw::evaluate_mapping(examples[i].bounds, wide, examples[i].levels);
        const auto cost = cost_on_cores(examples[i]);
        CHECK(static_cast<double>(cost.cycles) == today.cycles);
        CHECK(cost.energy == Approx(today.energy).epsilon(1e-12));
    }
}

TEST_CASE("a convolution on tensor cores: cycles are those of the search, which fetches weights again for outer loops") {
    const auto& e = examples[3];
    const auto problem = hw::nest_of(e.bounds);
    const auto counts = hw::analyse(problem, cores::levels, hw::nest_mapping_of<wide>(e.levels));
    CHECK(counts.steps * 64 * 4 == hw::macs(e.bounds));
    CHECK(counts.multipliers == 64 * 4);
    CHECK(counts.at[0][0].reads >= hw::weight_words(e.bounds));
    // The window slides down in both; but the search fetches weights into the four cores again in each of the 7 steps of the outermost loop, which
    // does not change them.
    const auto today = hw::evaluate_mapping(e.bounds, wide, e.levels);
    const auto cost = cost_on_cores(e);
    CHECK(static_cast<double>(cost.cycles) == today.cycles);
    const auto again = static_cast<double>(hw::weight_words(e.bounds)) * 6;
    CHECK(today.energy - cost.energy == Approx(again * (4 * wide.l2_energy + wide.glb_energy)).epsilon(1e-9));
}

TEST_CASE("sums reduced across the array are where the two models part") {
    // The search takes the first reads of sums off before it divides by the PEs that are reduced, the hierarchy takes them off after it.
    const example e{hw::gemm(64, 128, 256),
                    {{one, {1, 8, 16, 1, 1, 1, 1}, {1, 16, 1, 1, 1, 1, 1}, {2, 1, 2, 1, 1, 1, 1}, {1, 1, 8, 1, 1, 1, 1}, {32, 1, 1, 1, 1, 1, 1}}}};
    const auto today = hw::evaluate_mapping(e.bounds, wide, e.levels);
    const auto cost = cost_on_cores(e);
    CHECK(static_cast<double>(cost.cycles) == today.cycles);
    const double outputs = 64 * 256;
    CHECK(today.energy - cost.energy == Approx(outputs * wide.l2_energy * (1 - 1.0 / 8)).epsilon(1e-9));
}

TEST_CASE("tensor cores are a type of their accelerator") {
    static_assert(hw::memory_hierarchy<cores>);
    static_assert(cores::multiplier_count == 4 * 128);
    static_assert(cores::levels[1].capacity == wide.glb_words);
    CHECK_THROWS_AS(hw::nest_mapping_of<wide>({{one, {512, 1, 1, 1, 1, 1, 1}, one, one, one, one}}), verdant::input_error);
}
