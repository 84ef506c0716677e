#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace {

namespace hw = verdant::hardware;

std::string refusal(const std::string& text) {
    const auto p = hw::matrix_product(8, 4, 16);
    const std::array<hw::memory_level, 2> levels{{{.name = "A"}, {.name = "B", .capacity = 40, .fan_out_x = 4, .keeps = 0b101}}};
    try {
        hw::require_mapping(p, levels, hw::parse_nest_mapping(text, p));
    } catch (const verdant::input_error& e) { return e.what(); }
    return "";
}

} // namespace

TEST_CASE("a mapping is read as it is written") {
    const auto p = hw::matrix_product(8, 4, 16);
    const auto m = hw::parse_nest_mapping("L3[WIO] P4 K2 - L2[] N1 K8X - L1[O] C4 P2", p);
    CHECK(m.level_count == 3);
    CHECK(m.levels[0].keeps == 0b111);
    CHECK(m.levels[1].keeps == 0);
    CHECK(m.levels[2].keeps == 0b100);
    CHECK(m.levels[0].temporal_count == 2);
    CHECK(m.levels[0].temporal[0] == hw::nest_loop{static_cast<std::uint8_t>(p.dim('P')), 4});
    CHECK(m.levels[1].temporal_count == 0);
    CHECK(m.levels[1].spatial_count == 1);
    CHECK(m.levels[1].spatial[0].bound == 8);
}

TEST_CASE("what is wrong with a mapping is said") {
    CHECK(refusal("A[WIO] P8 C4 K4 - B[WO] K4X").empty());
    CHECK(refusal("A[WIX] P8") == "verdant: mapping, character 5: expected the first letter of a tensor, found 'X] P8'");
    CHECK(refusal("P8") == "verdant: mapping, character 3: expected a level such as L2[WI], found the end");
    CHECK(refusal("A[WIO] Z8") == "verdant: mapping, character 8: expected the letter of a dimension, found 'Z8'");
    CHECK(refusal("A[WIO] P0 - B[W]").find("a factor such as P8") != std::string::npos);
    CHECK(refusal("A[WIO] P8 C4 K16") == "verdant: mapping: expected 2 levels, found 1");
    CHECK(refusal("A[WIO] P8 C4 K4 - B[WO] K2") == "verdant: mapping, dimension K: expected factors whose product is 16, found 8");
    CHECK(refusal("A[WIO] P8 C4 K4 - B[WIO] K4") == "verdant: mapping, level B: expected only tensors that the level keeps, found Inputs");
    CHECK(refusal("A[WI] P8 C4 K4 - B[WO] K4") == "verdant: mapping, level A: expected all tensors at the outermost level, found none of Outputs");
    CHECK(refusal("A[WIO] P8 C4 K2 - B[WO] K8X") == "verdant: mapping, level B: expected spatial factors of at most 4 along x, found 8");
    CHECK(refusal("A[WIO] P8 K4 C4X - B[WO] K4").find("at most 1 along x, found 4") != std::string::npos);
    CHECK(refusal("A[WIO] P8 - B[WO] C4 K16") == "verdant: mapping, level B: expected tiles of at most 40 words, found 80");
}

TEST_CASE("loops of a mapping that was made by hand are looked at before anything is computed from them") {
    const auto p = hw::matrix_product(8, 4, 16);
    const std::array<hw::memory_level, 2> levels{{{.name = "A"}, {.name = "B", .fan_out_x = 4}}};
    const auto good = hw::parse_nest_mapping("A[WIO] P8 C4 K4 - B[WIO] K4X", p);
    const auto refused = [&](const hw::nest_mapping& m) -> std::string {
        try {
            hw::require_mapping(p, levels, m);
        } catch (const verdant::input_error& e) { return e.what(); }
        return "";
    };
    CHECK(refused(good).empty());
    auto zero = good;
    zero.levels[0].temporal[1].bound = 0;
    CHECK(refused(zero) == "verdant: mapping, level A, dimension C: expected loops with bounds of at least 1, found 0");
    // An even number of negative ones has the right product.
    auto negative = good;
    negative.levels[0].temporal[2].bound = negative.levels[1].spatial[0].bound = -4;
    CHECK(refused(negative) == "verdant: mapping, level A, dimension K: expected loops with bounds of at least 1, found -4");
    // Spatial loops as well.
    auto spatial = good;
    spatial.levels[1].add_spatial(p.dim('P'), 0);
    CHECK(refused(spatial) == "verdant: mapping, level B, dimension P: expected loops with bounds of at least 1, found 0");
    auto elsewhere = good;
    elsewhere.levels[1].add_temporal(p.dim_count, 1);
    CHECK(refused(elsewhere) ==
          "verdant: mapping, level B: expected loops over the 8 dimensions of the nest, counted from 0, found " + std::to_string(p.dim_count));
    auto many = good;
    many.levels[0].temporal_count = 9;
    CHECK(refused(many) == "verdant: mapping, level A: expected at most 8 loops of a kind, found 9");
    constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
    auto lowest = good;
    lowest.levels[1].spatial[0].bound = least;
    CHECK(refused(lowest).find("found " + std::to_string(least)) != std::string::npos);
}

TEST_CASE("names of levels are those of the hierarchy, or all others") {
    const auto p = hw::matrix_product(8, 4, 16);
    const std::array<hw::memory_level, 2> levels{{{.name = "DRAM"}, {.name = "buffer", .capacity = 400}}};
    const auto named = [&](const std::string& text) {
        try {
            return hw::parse_nest_mapping(text, p, levels).level_count == 2 ? std::string{} : "other levels";
        } catch (const verdant::input_error& e) { return std::string{e.what()}; }
    };
    CHECK(named("DRAM[WIO] P8 C4 K4 - buffer[WO] K4").empty());
    CHECK(named("L1[WIO] P8 C4 K4 - L0[WO] K4").empty()); // of a data set, by their places
    CHECK(named("buffer[WIO] P8 C4 K4 - DRAM[WO] K4") == "verdant: mapping, level 1: expected 'DRAM', as the hierarchy has it there, found 'buffer'");
    CHECK(named("DRAM[WIO] P8 C4 K4 - bufer[WO] K4") == "verdant: mapping, level 2: expected 'buffer', as the hierarchy has it there, found 'bufer'");
    CHECK(named("DRAM[WIO] P8 C4 K4 - buffer[WX]").find("the first letter of a tensor") != std::string::npos);
}

TEST_CASE("sizes and levels whose counts would overflow or divide by nothing are refused") {
    using Catch::Contains;
    CHECK_NOTHROW(hw::matrix_product(1 << 20, 1 << 20, 1 << 20));
    CHECK_THROWS_WITH(hw::matrix_product(1 << 21, 1 << 21, 1 << 21, 2),
                      Contains("nest: expected at most 2^60 multiply-accumulates")); // 2^64, which is 0
    CHECK_THROWS_WITH(hw::matrix_product(8, 0, 8), "verdant: nest, dimension C: expected a bound of at least 1, found 0");
    CHECK_THROWS_WITH(hw::convolution({.out_channels = -3}), "verdant: nest, dimension K: expected a bound of at least 1, found -3");
    CHECK_THROWS_WITH(hw::convolution({.row_stride = 0}), "verdant: convolution: expected strides and dilations from 1 to 1000, found 0");

    const auto p = hw::matrix_product(8, 4, 16);
    const auto refused = [&](const hw::memory_level& inner) {
        const std::array<hw::memory_level, 2> levels{{{.name = "A"}, inner}};
        try {
            hw::require_mapping(p, levels, hw::parse_nest_mapping("A[WIO] P8 C4 K4 - B[WO] K4", p));
        } catch (const verdant::input_error& e) { return std::string{e.what()}; }
        return std::string{};
    };
    CHECK(refused({.name = "B", .capacity = 400}).empty());
    CHECK(refused({.name = "B", .capacity = 400, .read_bandwidth = 0}) ==
          "verdant: hierarchy, level B: expected a bandwidth above 0, found 0.000000");
    CHECK(refused({.name = "B", .capacity = -400}) == "verdant: hierarchy, level B: expected a capacity of at least 1 word, found -400");
    CHECK(refused({.name = "B", .capacity = 400, .fan_out_x = 0}) == "verdant: hierarchy, level B: expected a fan-out of at least 1, found 0");
    CHECK(refused({.name = "B", .capacity = 400, .fan_out_x = std::int64_t{1} << 40, .fan_out_y = 16}).find("at most 10^12 multipliers in all") !=
          std::string::npos);
    CHECK(refused({.name = "B", .capacity = 400, .rows = -1}) == "verdant: hierarchy, level B: expected rows of at least 0, found -1");
    CHECK(refused({.name = "B", .capacity = 400, .shared_bandwidth = std::numeric_limits<double>::quiet_NaN()}).find("a bandwidth above 0") !=
          std::string::npos);
    CHECK(refused({.name = "B", .capacity = 400, .weights = hw::weight_storage::offsets, .offset_bits = -4}) ==
          "verdant: hierarchy, level B: expected offsets of at least 0 bits, found -4");
    CHECK(refused({.name = "B", .capacity = 400, .write_energy = -1}).find("finite and not negative") != std::string::npos);
}
