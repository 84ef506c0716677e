#include "catch.hpp"

#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapped.hpp>

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

TEST_CASE("a fixed mapping has constants for costs") {
    using m = hw::mapped<small, layer, "DRAM[WIO] P16 K2 - buffer[WIO] C2 R3 K4X C2Y - registers[W]">;
    STATIC_REQUIRE(m::counts.steps == 16 * 2 * 2 * 3);
    STATIC_REQUIRE(m::cost.cycles == 192);
    STATIC_REQUIRE(m::cost.utilisation == 1);
    STATIC_REQUIRE(m::counts.at[1][0].tile == 4 * 4 * 3);
    STATIC_REQUIRE(m::cost.arithmetic_energy == 8 * 4 * 16 * 3 * 0.5);
}
