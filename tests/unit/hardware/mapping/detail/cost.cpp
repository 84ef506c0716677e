#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/mapping/bounds.hpp>
#include <verdant/hardware/mapping/detail/cost.hpp>

namespace hw = verdant::hardware;

// Small numbers, so that the costs can be followed by hand: registers 1 pJ, L2 10, global buffer 100, DRAM 1000, arithmetic 2.
constexpr hw::mapping_target simple{.width = 2,
                                    .depth = 2,
                                    .l2_words = 1000,
                                    .glb_words = 10000,
                                    .l2_bandwidth = 1000,
                                    .glb_bandwidth = 1000,
                                    .dram_bandwidth = 1,
                                    .register_energy = 1,
                                    .l2_energy = 10,
                                    .glb_energy = 100,
                                    .dram_energy = 1000,
                                    .mac_energy = 2};

// 2 x 2 times 2 x 2, all on the array: c and k in space, n in time. Every tensor has 4 words.
constexpr hw::mapping_levels in_space{
    {{1, 1, 1, 1, 1, 1, 1}, {1, 2, 2, 1, 1, 1, 1}, {2, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1}}};

static_assert(hw::evaluate_mapping(hw::gemm(2, 2, 2), simple, in_space).cycles == 8, "DRAM gives one word per cycle: 4 of inputs, 4 of weights");

TEST_CASE("energy is arithmetic, operand accesses with multicast, and the traffic of each level", "[hardware]") {
    // 8 MACs at 2 pJ; inputs from L2 for k = 2 PEs at once: 8*10/2; weights from registers: 8*1; outputs to L2 summed over c = 2 PEs:
    // (2*8 - 4)*10/2. Weights into registers once: 4*(1 + 10). L2 and global buffer: 4 words of each input, 4 of output: 4*110 + 4*110 + 4*100
    // (output is not read back). Global buffer and DRAM likewise: 4*1100*2 + 4*1000.
    const double expected = 8 * 2 + 40 + 8 + 60 + 4 * 11 + (440 + 440 + 400) + (4400 + 4400 + 4000);
    CHECK(hw::evaluate_mapping(hw::gemm(2, 2, 2), simple, in_space).energy == expected);
}

TEST_CASE("a loop that does not reuse an output makes it travel again", "[hardware]") {
    // c in the DRAM loop: partial sums are written and read back, unless the output stays where it is; the order that keeps it is chosen
    hw::mapping_levels levels = in_space;
    levels[1] = {1, 1, 2, 1, 1, 1, 1};
    levels[5] = {1, 2, 1, 1, 1, 1, 1};
    const auto kept = hw::evaluate_mapping(hw::gemm(2, 2, 2), simple, levels);
    // with n beside c in the DRAM loop no order keeps both weights and outputs
    levels[2] = {1, 1, 1, 1, 1, 1, 1};
    levels[5] = {2, 2, 1, 1, 1, 1, 1};
    const auto moved = hw::evaluate_mapping(hw::gemm(2, 2, 2), simple, levels);
    CHECK(kept.energy < moved.energy);
    CHECK(kept.cycles <= moved.cycles);
}

TEST_CASE("levels that are not a mapping of the bounds are refused", "[hardware]") {
    CHECK_THROWS_AS(hw::evaluate_mapping(hw::gemm(2, 2, 4), simple, in_space), verdant::input_error);
    auto zero = in_space;
    zero[4][0] = 0;
    CHECK_THROWS_AS(hw::evaluate_mapping(hw::gemm(2, 2, 2), simple, zero), verdant::input_error);
}

TEST_CASE("the lower bounds are known at compile time", "[hardware]") {
    constexpr auto bounds = hw::gemm(197, 768, 768);
    constexpr hw::mapping_target t{.width = 64, .depth = 16, .cores_x = 2, .register_energy = 0.190888};
    STATIC_REQUIRE(hw::minimum_cycles(bounds, t) == 197.0 * 768 * 768 / (64 * 16 * 2));
    STATIC_REQUIRE(hw::minimum_energy(bounds, t) == 197.0 * 768 * 768 * 2.2 + 197.0 * 768 * 768 * 0.190888);
    // one row: the weights' way through DRAM decides
    STATIC_REQUIRE(hw::minimum_cycles(hw::gemm(1, 768, 512), t) == (768.0 + 768 * 512) / 128);
}
