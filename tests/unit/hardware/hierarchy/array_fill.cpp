#include "catch.hpp"

#include <verdant/hardware/hierarchy/architectures.hpp>
#include <verdant/hardware/hierarchy/array_fill.hpp>
#include <verdant/hardware/hierarchy/nest_mapper.hpp>

#include <array>
#include <cstdint>

namespace {

namespace hw = verdant::hardware;

/// Two cores of 4 columns and 8 rows, each with a buffer of so many words.
std::array<hw::memory_level, 3> two_cores(std::int64_t outer, std::int64_t inner, hw::tile_buffering buffering = hw::tile_buffering::single) {
    return {{{.name = "DRAM"},
             {.name = "outer", .capacity = outer, .fan_out_x = 2},
             {.name = "inner", .capacity = inner, .fan_out_x = 4, .fan_out_y = 8, .buffering = buffering}}};
}

} // namespace

TEST_CASE("a full array needs a weight a multiplier, an input a row and a sum a column") {
    const auto levels = two_cores(100, 100);
    const auto problem = hw::array_problem(levels);
    CHECK(problem.iterations() == 2 * 4 * 8);
    // inner: 32 weights, 8 inputs, 4 sums; outer: 64 weights, 8 inputs, 8 sums
    CHECK(hw::check_array_fill(two_cores(80, 44)).fault == hw::mapping_fault::none);
    const auto inner = hw::check_array_fill(two_cores(80, 43));
    CHECK(inner.fault == hw::mapping_fault::capacity);
    CHECK(inner.level == 2);
    CHECK(inner.found == 44);
    CHECK(inner.limit == 43);
    CHECK(hw::check_array_fill(two_cores(79, 44)).level == 1);
    CHECK(hw::check_array_fill(two_cores(80, 87, hw::tile_buffering::twice)).found == 88);
    CHECK(hw::check_array_fill(two_cores(80, 88, hw::tile_buffering::twice)).fault == hw::mapping_fault::none);
}

TEST_CASE("the fullest level says how far the tile is from fitting") {
    CHECK(hw::array_fill(two_cores(160, 44)) == 1.0);
    CHECK(hw::array_fill(two_cores(40, 44)) == 2.0);
    CHECK(hw::array_fill(two_cores(160, 44, hw::tile_buffering::twice)) == 2.0);
    CHECK(hw::array_fill(std::array{hw::memory_level{.name = "DRAM", .fan_out_x = 4}}) == 0.0); // without limits
    // Registers are always full, and say nothing but where they are too small.
    std::array registers{hw::memory_level{.name = "buffer", .capacity = 96, .fan_out_x = 4, .fan_out_y = 8},
                         hw::memory_level{.name = "register", .capacity = 3}};
    CHECK(hw::array_fill(registers) == 44.0 / 96);
    registers[1].buffering = hw::tile_buffering::twice;
    CHECK(hw::array_fill(registers) == 2.0);
}

TEST_CASE("neighbours that share weights fill an array whose tile of weights is too large") {
    const std::array<hw::memory_level, 3> levels{{{.name = "DRAM"},
                                                  {.name = "buffer", .capacity = 1024, .fan_out_x = 32, .fan_out_y = 32},
                                                  {.name = "register", .capacity = 1, .keeps = 1}}};
    CHECK(hw::check_array_fill(levels).found == 1024 + 32 + 32);
    const auto mapped = hw::map_nest(hw::matrix_product(64, 64, 64), levels, {1}, {.goal = hw::nest_goal::cycles});
    CHECK(mapped.cost.cycles == 64 * 64 * 64 / 1024);
}

TEST_CASE("arrays without a side, and with more multipliers than there are, have no tile") {
    auto levels = two_cores(100, 100);
    levels[2].fan_out_x = 0;
    CHECK_THROWS_WITH(hw::array_fill(levels), Catch::Contains("level inner") && Catch::Contains("a fan-out of at least 1"));
    levels[1].fan_out_x = levels[2].fan_out_x = std::int64_t{1} << 40;
    CHECK_THROWS_WITH(hw::check_array_fill(levels), Catch::Contains("at most 10^12 multipliers"));
    CHECK_THROWS_WITH(hw::array_problem({}), Catch::Contains("1 to 12"));
}

TEST_CASE("published arrays hold their tiles") {
    using hw::check_array_fill, hw::mapping_fault;
    STATIC_REQUIRE(check_array_fill(hw::weight_stationary<16, 16, 8192, 1.0>::levels).fault == mapping_fault::none);
    STATIC_REQUIRE(check_array_fill(hw::gemmini_like<1.0>::levels).fault == mapping_fault::none);
    STATIC_REQUIRE(hw::array_fill(hw::tpu_like<1.0>::levels) <= 1.0);
    STATIC_REQUIRE(hw::filled_array<hw::tpu_like<1.0>>::multiplier_count == 65536);
    // 64 KiB of words for 256 x 256 weights alone, before inputs and sums.
    STATIC_REQUIRE(check_array_fill(hw::weight_stationary<256, 256, 65536, 1.0>::levels).found == 65536 + 512);
}
