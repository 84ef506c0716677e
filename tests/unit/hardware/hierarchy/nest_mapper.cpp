#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/architectures.hpp>
#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/nest_mapper.hpp>

#include <array>

namespace {

namespace hw = verdant::hardware;

constexpr std::array<hw::memory_level, 2> two(std::int64_t words) {
    return {{{.name = "A", .read_energy = 100, .write_energy = 100, .update_energy = 100},
             {.name = "B", .capacity = words, .fan_out_x = 2, .read_energy = 1, .write_energy = 1, .update_energy = 1}}};
}

} // namespace

TEST_CASE("a nest that fits the buffer moves each word once") {
    const auto p = hw::matrix_product(4, 4, 4);
    const auto found = hw::map_nest(p, two(48), {1}, {.goal = hw::nest_goal::energy});
    CHECK(found.proved);
    CHECK(found.counts.at[0][0].reads == 16);
    CHECK(found.counts.at[0][1].reads == 16);
    CHECK(found.counts.at[0][2].updates == 16);
    CHECK(found.counts.at[0][2].reads == 0);
}

TEST_CASE("a mapper finds what all mappings of a small nest say, and the local search is no better") {
    const auto p = hw::matrix_product(4, 6, 4);
    for (const std::int64_t words : {6, 12, 20}) {
        const auto levels = two(words);
        const auto all = hw::map_nest(p, levels, {1}, {.goal = hw::nest_goal::energy});
        CHECK(all.proved);
        CHECK_NOTHROW(hw::require_mapping(p, levels, all.mapping));
        const auto local = hw::map_nest(p, levels, {1}, {.goal = hw::nest_goal::energy, .most_exhaustive = 0, .most_local = 20'000});
        CHECK(local.value >= all.value);
        CHECK(local.value <= 1.05 * all.value);
        CHECK(local.value == hw::map_nest(p, levels, {1}, {.goal = hw::nest_goal::energy, .most_exhaustive = 0, .most_local = 20'000}).value);
    }
}

TEST_CASE("a mapper fills an array") {
    const auto p = hw::convolution({.out_channels = 32, .in_channels = 32, .rows = 14, .columns = 14, .kernel_rows = 3, .kernel_columns = 3});
    using array = hw::weight_stationary<16, 16, 16384, 1.0>;
    const auto found = hw::map_nest(p, array::levels, array::unit, {.goal = hw::nest_goal::cycles, .most_exhaustive = 1000, .most_local = 20'000});
    CHECK(found.cost.cycles == p.iterations() / 256);
    CHECK(found.proved); // it is the least that 256 multipliers take
}

TEST_CASE("a hierarchy that holds no tile has no mapping") {
    CHECK_THROWS_AS(hw::map_nest(hw::matrix_product(4, 4, 4), two(2), {1}), verdant::infeasible_error);
    CHECK_THROWS_AS(hw::map_nest(hw::matrix_product(4, 4, 4), two(2), {1}, {.most_exhaustive = 0, .most_local = 100}), verdant::infeasible_error);
}
