#include "catch.hpp"

#include <verdant/hardware/hierarchy/nest_bound.hpp>
#include <verdant/hardware/hierarchy/nest_mapper.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace {

namespace hw = verdant::hardware;

constexpr std::array<hw::memory_level, 2> two{
    {{.name = "A", .block = 8, .fan_out_x = 4, .read_bandwidth = 2, .write_bandwidth = 1, .read_energy = 100, .update_energy = 50},
     {.name = "B", .read_energy = 1, .write_energy = 2, .update_energy = 3}}};

} // namespace

TEST_CASE("a bound is that of the multipliers or of the slowest level, and the energy of moving each word once") {
    constexpr auto p = hw::matrix_product(8, 4, 16); // W 64, I 32, O 128 words; 512 multiplications
    constexpr auto b = hw::bound_nest(p, two, {0.5});
    STATIC_REQUIRE(b.compute_cycles == 512 / 4);
    STATIC_REQUIRE(b.transfer_cycles == 128); // sums at one word a cycle; operands take (64 + 32) / 2
    STATIC_REQUIRE(b.cycles == 128);
    // Blocks of 8 at A; B is read for each multiplication and takes each sum once.
    STATIC_REQUIRE(b.energy == 256 + 100 * (8 + 4) + 50 * 16 + 2 * (64 + 32) + 1 * (512 + 512) + 3 * 512);
    constexpr auto slow = [] {
        auto levels = two;
        levels[0].shared_bandwidth = 0.5;
        return levels;
    }();
    STATIC_REQUIRE(hw::bound_nest(p, slow, {}).cycles == 448);
}

TEST_CASE("words that a window touches are counted once, and those that it leaves out not at all") {
    constexpr auto words = [](std::int64_t rows, std::int64_t kernel, std::int32_t stride, std::int32_t dilation) {
        const auto p = hw::convolution({.rows = rows, .kernel_rows = kernel, .row_stride = stride, .row_dilation = dilation});
        return hw::distinct_words(p, p.tensors[1]);
    };
    STATIC_REQUIRE(words(8, 3, 1, 1) == 10);
    STATIC_REQUIRE(words(8, 3, 2, 1) == 17);
    STATIC_REQUIRE(words(8, 2, 3, 1) == 16); // of a box of 23
    STATIC_REQUIRE(words(4, 3, 2, 2) == 6);
    STATIC_REQUIRE(words(8, 1, 5, 1) == 8);
}

TEST_CASE("a bound of a hierarchy or a nest that is none is refused") {
    const auto p = hw::matrix_product(8, 4, 16);
    auto levels = two;
    levels[1].fan_out_y = 0;
    CHECK_THROWS_WITH(hw::bound_nest(p, levels, {1}), Catch::Contains("level B") && Catch::Contains("a fan-out of at least 1"));
    levels[1].fan_out_y = std::int64_t{1} << 62;
    CHECK_THROWS_WITH(hw::bound_nest(p, levels, {1}), Catch::Contains("at most 10^12 multipliers"));
    CHECK_THROWS_WITH(hw::bound_nest(p, {}, {1}), Catch::Contains("1 to 12"));
    auto large = p;
    large.bounds[0] = large.bounds[1] = std::int64_t{1} << 40;
    CHECK_THROWS_WITH(hw::bound_nest(large, two, {1}), Catch::Contains("at most 2^60 multiply-accumulates"));
    large.bounds[1] = 0;
    CHECK_THROWS_WITH(hw::bound_nest(large, two, {1}), Catch::Contains("a bound of at least 1"));
}

TEST_CASE("multipliers whose energy is none are refused, by which all mappings would be alike") {
    const auto p = hw::matrix_product(8, 4, 16);
    const std::array<hw::memory_level, 2> levels{{{.name = "A"}, {.name = "B"}}};
    for (const double energy : {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        CHECK_THROWS_WITH(hw::bound_nest(p, levels, {energy}),
                          Catch::Contains("hierarchy, multipliers: expected an energy that is finite and not negative"));
        CHECK_THROWS_WITH(hw::map_nest(p, levels, {energy}), Catch::Contains("multipliers"));
    }
}

TEST_CASE("no mapping is better than the bound") {
    verdant::random_stream random{5};
    const auto one_of = [&]<std::size_t N>(const std::array<std::int64_t, N>& numbers) { return numbers[random.below(N)]; };
    int tight = 0;
    for (int round = 0; round < 150; ++round) {
        const auto p = hw::convolution({.out_channels = one_of(std::array<std::int64_t, 3>{1, 2, 4}),
                                        .in_channels = one_of(std::array<std::int64_t, 3>{1, 2, 3}),
                                        .rows = one_of(std::array<std::int64_t, 3>{1, 4, 5}),
                                        .kernel_rows = one_of(std::array<std::int64_t, 3>{1, 2, 3}),
                                        .row_stride = static_cast<std::int32_t>(1 + random.below(3)),
                                        .row_dilation = static_cast<std::int32_t>(1 + random.below(2))});
        std::array<hw::memory_level, 3> levels{{{.name = "A"}, {.name = "B"}, {.name = "C"}}};
        for (auto& l : levels) {
            l.block = static_cast<std::int32_t>(1 + random.below(4));
            l.fan_out_x = one_of(std::array<std::int64_t, 3>{1, 1, 2});
            l.read_bandwidth = static_cast<double>(one_of(std::array<std::int64_t, 3>{1, 2, 100}));
            l.write_bandwidth = static_cast<double>(one_of(std::array<std::int64_t, 3>{1, 3, 100}));
            if (random.below(2) == 0) l.shared_bandwidth = static_cast<double>(1 + random.below(4));
            if (random.below(3) == 0) l.buffering = hw::tile_buffering::twice;
            l.rows = one_of(std::array<std::int64_t, 3>{0, 0, 1});
            l.read_energy = static_cast<double>(random.below(9));
            l.write_energy = static_cast<double>(random.below(9));
            l.update_energy = static_cast<double>(random.below(9));
        }
        levels[1].keeps = static_cast<std::uint32_t>(random.below(8));
        if (random.below(2) == 0) levels[2].keeps = static_cast<std::uint32_t>(random.below(8));
        const hw::cycle_rules rules{random.below(2) == 0 ? hw::transfer_overlap::hidden : hw::transfer_overlap::exposed,
                                    random.below(2) == 0 ? hw::drain_traffic::counted : hw::drain_traffic::ignored};
        const auto bound = hw::bound_nest(p, levels, {2}, rules);
        INFO("round " << round);
        const auto cycles =
            hw::map_nest(p, levels, {2}, {.goal = hw::nest_goal::cycles, .rules = rules, .most_exhaustive = 20'000, .most_local = 2000});
        CHECK(static_cast<double>(bound.cycles) <= cycles.value);
        const auto energy =
            hw::map_nest(p, levels, {2}, {.goal = hw::nest_goal::energy, .rules = rules, .most_exhaustive = 20'000, .most_local = 2000});
        CHECK(bound.energy <= energy.value * (1 + 1e-12));
        tight += static_cast<double>(bound.cycles) == cycles.value;
    }
    CHECK(tight > 30); // it is of use
}
