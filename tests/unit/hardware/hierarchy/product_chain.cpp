#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/product_chain.hpp>

#include <array>
#include <vector>

namespace {

namespace hw = verdant::hardware;
using kind = hw::product_step::kind;

/// Main memory at 100 a bit, a buffer at 1.
std::vector<hw::product_level> two(double bits) {
    std::vector<hw::product_level> out(2);
    out[0].name = "main";
    out[0].read_energy = out[0].write_energy = 100;
    out[1].name = "buffer";
    out[1].capacity = bits;
    out[1].read_energy = out[1].write_energy = 1;
    return out;
}

hw::product_step kept(std::size_t level, std::size_t operand) {
    hw::product_step s;
    s.what = kind::keep;
    s.level = level;
    s.operand = operand;
    return s;
}
hw::product_step loops(hw::product_extent factors) {
    hw::product_step s;
    s.factors = factors;
    return s;
}

} // namespace

TEST_CASE("a product counted by hand") {
    // Weights stay while all rows pass, sums pass the buffer twice.
    const std::vector<hw::product_step> steps{kept(0, 0), kept(0, 1),       kept(0, 2), loops({1, 2, 1}),
                                              kept(1, 0), loops({3, 1, 1}), kept(1, 2), loops({1, 2, 4})};
    hw::product_counts c;
    hw::count_product(two(1e9), steps, hw::tile_reuse::one_step, c);
    CHECK(c.fits);
    CHECK(c.steps == 3 * 4 * 4);
    CHECK(c.levels[0].read[0] == 16 * 8);
    CHECK(c.levels[1].written[0] == 16 * 8);
    CHECK(c.levels[1].read[0] == 48 * 8);
    CHECK(c.levels[0].read[1] == 48 * 8);   // inputs come from outside in each step
    CHECK(c.levels[0].written[2] == 24 * 8); // 12 sums, twice
    CHECK(c.levels[0].read[2] == 12 * 8);
    CHECK(c.levels[1].written[2] == (48 + 12) * 8);
    CHECK(c.levels[1].read[2] == (48 - 12 + 24) * 8);
    hw::count_product(two(90), steps, hw::tile_reuse::one_step, c);
    CHECK_FALSE(c.fits);
}

TEST_CASE("a tile below loops that do not change it stays only by Timeloop's rule") {
    const std::vector<hw::product_step> steps{kept(0, 0), kept(0, 1), kept(0, 2), loops({5, 1, 1}), kept(1, 0), loops({1, 2, 2})};
    hw::product_counts c;
    hw::count_product(two(1e9), steps, hw::tile_reuse::one_step, c);
    CHECK(c.levels[0].read[0] == 5 * 4 * 8);
    hw::count_product(two(1e9), steps, hw::tile_reuse::unchanged, c);
    CHECK(c.levels[0].read[0] == 4 * 8);
}

TEST_CASE("columns of an array share words, or do not") {
    std::vector<hw::product_step> steps{kept(0, 0), kept(0, 1), kept(0, 2), loops({4, 1, 1}), loops({2, 1, 2})};
    steps.back().what = kind::spread;
    hw::product_counts c;
    hw::count_product(two(1e9), steps, hw::tile_reuse::one_step, c);
    CHECK(c.instances == 4);
    CHECK(c.levels[0].read[0] == 4 * 2 * 8);
    steps.back().sharing = hw::spatial_sharing::apart;
    hw::count_product(two(1e9), steps, hw::tile_reuse::one_step, c);
    CHECK(c.levels[0].read[0] == 4 * 4 * 8);
}

TEST_CASE("an intermediate that fits stays in the buffer, whole or in pieces") {
    const std::array<hw::product_extent, 2> chain{{{8, 4, 4}, {8, 4, 4}}};
    // All fits: each word of weights, of the first inputs and of the last outputs crosses once.
    const auto crossing = [](const hw::mapped_chain& m) {
        double bits = 0;
        for (const auto& p : m.products)
            for (std::size_t t = 0; t < 3; ++t) bits += p.counts.levels[0].read[t] + p.counts.levels[0].written[t];
        return bits;
    };
    const auto large = hw::map_chain(two(1e6), chain);
    REQUIRE(large.products.size() == 2);
    CHECK(large.products[0].output.level == 1);
    CHECK(large.products[1].input.level == 1);
    CHECK(crossing(large) == (16 + 32 + 16 + 32) * 8);
    const auto apart = hw::map_chain(two(1e6), chain, {.fusion = hw::chain_fusion::none});
    CHECK(crossing(apart) == (16 + 32 + 16 + 32 + 2 * 32) * 8);
    CHECK(apart.energy > large.energy);
    // 26 words hold no intermediate of 32, but pieces of it beside the weights.
    const auto small = hw::map_chain(two(26 * 8), chain);
    CHECK(small.products[0].output.level == 1);
    CHECK(small.products[0].output.pieces > 1);
    CHECK(small.products[0].output == small.products[1].input);
    CHECK(small.energy <= hw::map_chain(two(26 * 8), chain, {.fusion = hw::chain_fusion::none}).energy);
}

TEST_CASE("chains that do not meet or do not fit are refused") {
    using Catch::Contains;
    CHECK_THROWS_WITH(hw::map_chain(two(1e6), std::array<hw::product_extent, 2>{{{8, 4, 4}, {8, 5, 4}}}), Contains("product 2"));
    CHECK_THROWS_AS(hw::map_chain(two(1e6), std::array<hw::product_extent, 1>{{{8, 0, 4}}}), verdant::input_error);
    CHECK_THROWS_AS(hw::map_chain({}, std::array<hw::product_extent, 1>{{{8, 4, 4}}}), verdant::input_error);
    auto levels = two(7);
    levels[1].keeps = 0b111;
    CHECK_THROWS_AS(hw::map_chain(levels, std::array<hw::product_extent, 1>{{{8, 4, 4}}}), verdant::infeasible_error);
}
