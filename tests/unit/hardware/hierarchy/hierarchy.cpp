#include "catch.hpp"

#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapped.hpp>

#include <type_traits>

namespace {

namespace hw = verdant::hardware;

struct layer {
    static constexpr auto problem = hw::convolution({.out_channels = 8, .in_channels = 4, .rows = 16, .kernel_rows = 3});
};

struct small
    : hw::hierarchy<hw::level<"DRAM", hw::words<8, 8>, hw::access_energy<512.0>, hw::bandwidth<16.0>>,
                    hw::level<"buffer", hw::words<8>, hw::capacity<256>, hw::fans_out<4, 2>, hw::access_energy<1.0, 2.0, 3.0>, hw::double_buffered>,
                    hw::level<"registers", hw::keeps<hw::operand::weights>, hw::capacity<1>, hw::accessed_as_rows<2>>, hw::multipliers<0.5>> {};

} // namespace

TEST_CASE("a hierarchy is a type whose levels are values") {
    static_assert(hw::memory_hierarchy<small>);
    static_assert(small::multiplier_count == 8);
    static_assert(small::levels[0].block == 8 && small::levels[0].capacity == hw::memory_level::unlimited);
    static_assert(small::levels[1].update_energy == 3 && small::levels[1].buffering == hw::tile_buffering::twice);
    static_assert(small::levels[2].keeps == 1 && small::levels[2].rows == 2);
    static_assert(small::unit.energy == 0.5);
    CHECK(small::levels[1].name == "buffer");
}

TEST_CASE("options take enumerators and constants, as templates of numbers do") {
    enum : short { columns = 4, rows = 2 };
    struct half {
        constexpr operator double() const { return 0.5; } // NOLINT(google-explicit-constructor)
    };
    constexpr std::integral_constant<int, 256> size{};
    constexpr std::integral_constant<hw::operand, hw::operand::weights> weights{};
    using unnamed = hw::hierarchy<hw::level<"DRAM", hw::words<std::integral_constant<int, 8>{}>, hw::bandwidth<columns>>,
                                  hw::level<"buffer", hw::capacity<size>, hw::fans_out<columns, rows>, hw::access_energy<half{}, rows>>,
                                  hw::level<"registers", hw::keeps<weights>, hw::accessed_as_rows<rows>>, hw::multipliers<half{}>>;
    static_assert(unnamed::levels[0].word_bits == 8 && unnamed::levels[0].read_bandwidth == 4);
    static_assert(unnamed::levels[1].capacity == 256 && unnamed::levels[1].fan_out_x == 4 && unnamed::levels[1].fan_out_y == 2);
    static_assert(unnamed::levels[1].read_energy == 0.5 && unnamed::levels[1].write_energy == 2);
    static_assert(unnamed::levels[2].keeps == 1 && unnamed::levels[2].rows == 2);
    static_assert(unnamed::multiplier_count == 8 && unnamed::unit.energy == 0.5);
    static_assert(std::is_same_v<hw::fans_out<4, 2>, hw::fans_out<columns, rows>>);
    SUCCEED();
}

TEST_CASE("a fixed mapping has constants for costs") {
    using m = hw::mapped<small, layer, "DRAM[WIO] P16 K2 - buffer[WIO] C2 R3 K4X C2Y - registers[W]">;
    STATIC_REQUIRE(m::counts.steps == 16 * 2 * 2 * 3);
    STATIC_REQUIRE(m::cost.cycles == 192);
    STATIC_REQUIRE(m::cost.utilisation == 1);
    STATIC_REQUIRE(m::counts.at[1][0].tile == 4 * 4 * 3);
    STATIC_REQUIRE(m::cost.arithmetic_energy == 8 * 4 * 16 * 3 * 0.5);
}
