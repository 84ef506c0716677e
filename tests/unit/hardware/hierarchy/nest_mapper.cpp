#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/architectures.hpp>
#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/nest_mapper.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

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

TEST_CASE("branch and bound finds what all mappings say, with windows, bandwidths and levels that let tensors pass") {
    verdant::random_stream random{11};
    const auto one_of = [&]<std::size_t N>(const std::array<std::int64_t, N>& numbers) { return numbers[random.below(N)]; };
    int proved = 0;
    for (int round = 0; round < 120; ++round) {
        const auto p = hw::convolution({.out_channels = one_of(std::array<std::int64_t, 3>{1, 4, 6}),
                                        .in_channels = one_of(std::array<std::int64_t, 3>{1, 2, 3}),
                                        .rows = one_of(std::array<std::int64_t, 3>{1, 4, 6}),
                                        .kernel_rows = one_of(std::array<std::int64_t, 3>{1, 2, 3}),
                                        .row_stride = static_cast<std::int32_t>(1 + random.below(2))});
        std::array<hw::memory_level, 3> levels{{{.name = "A"}, {.name = "B"}, {.name = "C"}}};
        for (auto& l : levels) {
            l.block = static_cast<std::int32_t>(1 + random.below(3));
            l.fan_out_x = one_of(std::array<std::int64_t, 3>{1, 2, 3});
            if (random.below(2) == 0) l.shared_bandwidth = static_cast<double>(1 + random.below(4));
            l.read_energy = static_cast<double>(1 + random.below(50));
            l.write_energy = static_cast<double>(random.below(50));
            l.update_energy = static_cast<double>(random.below(50));
        }
        levels[1].capacity = one_of(std::array<std::int64_t, 3>{8, 16, 40});
        levels[1].keeps = random.below(3) == 0 ? static_cast<std::uint32_t>(random.below(8)) : 7U;
        if (random.below(2) == 0) levels[2].keeps = static_cast<std::uint32_t>(random.below(8));
        levels[2].capacity = one_of(std::array<std::int64_t, 3>{4, 8, 12});
        const auto goal = std::array{hw::nest_goal::energy, hw::nest_goal::cycles, hw::nest_goal::energy_times_cycles}[random.below(3)];
        INFO("round " << round);
        const auto all = hw::map_nest(p, levels, {1}, {.goal = goal, .most_exhaustive = 2'000'000});
        if (!all.proved) continue;
        const auto branched = hw::map_nest(p, levels, {1}, {.goal = goal, .most_exhaustive = 0, .most_local = 5, .most_branches = 1'000'000});
        CHECK(branched.proved);
        CHECK(std::fabs(branched.value - all.value) <= 1e-9 * all.value);
        CHECK_NOTHROW(hw::require_mapping(p, levels, branched.mapping));
        ++proved;
    }
    CHECK(proved > 100);
}

TEST_CASE("branch and bound proves what is too large to look at") {
    const auto p = hw::matrix_product(16, 24, 16);
    const std::array<hw::memory_level, 3> levels{
        {{.name = "A", .read_energy = 200, .write_energy = 200, .update_energy = 200},
         {.name = "B", .capacity = 2048, .fan_out_x = 8, .fan_out_y = 8, .read_energy = 6, .write_energy = 6, .update_energy = 6},
         {.name = "C", .capacity = 48, .read_energy = 1, .write_energy = 1, .update_energy = 1}}};
    hw::nest_mapper_options options{.goal = hw::nest_goal::energy, .most_exhaustive = 10'000, .most_local = 5000, .most_branches = 0};
    const auto local = hw::map_nest(p, levels, {1}, options);
    CHECK_FALSE(local.proved);
    options.most_branches = 1000;
    CHECK_FALSE(hw::map_nest(p, levels, {1}, options).proved); // it says so where it does not come to the end
    options.most_branches = 2'000'000;
    const auto found = hw::map_nest(p, levels, {1}, options);
    CHECK(found.proved);
    CHECK(found.value <= local.value);
    CHECK(found.evaluated < local.evaluated + 10'000);
    CHECK_NOTHROW(hw::require_mapping(p, levels, found.mapping));
}

TEST_CASE("a tensor that the outermost level lets pass has no home") {
    auto levels = two(48);
    levels[0].keeps = 3;
    CHECK_THROWS_WITH(hw::map_nest(hw::matrix_product(8, 8, 8), levels, {1}),
                      Catch::Contains("level A: expected all tensors at the outermost level, found none of"));
}

TEST_CASE("branch and bound gives up after so many placements") {
    const auto p = hw::matrix_product(720, 720, 720);
    const auto local = hw::map_nest(p, two(96), {1}, {.most_exhaustive = 0, .most_local = 200, .most_branches = 0});
    const auto one = hw::map_nest(p, two(96), {1}, {.most_exhaustive = 0, .most_local = 200, .most_branches = 1});
    CHECK_FALSE(one.proved);
    CHECK(one.value == local.value);
    CHECK(one.evaluated <= local.evaluated + 1);
}
