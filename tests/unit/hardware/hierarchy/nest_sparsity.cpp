#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapped.hpp>
#include <verdant/hardware/hierarchy/nest_bound.hpp>
#include <verdant/hardware/hierarchy/nest_mapper.hpp>
#include <verdant/hardware/hierarchy/nest_sparsity.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace {

namespace hw = verdant::hardware;

/// A dot product of 16, one weight in four not zero, all in one buffer.
template <hw::weight_storage Storage, hw::zero_weights Zeros, int OffsetBits = 0>
struct one_buffer
    : hw::hierarchy<hw::level<"buffer", hw::words<8>, hw::bandwidth<3.0, 1.0>, hw::access_energy<2.0, 1.0>, hw::stores_weights<Storage, OffsetBits>>,
                    hw::multipliers<0.5, Zeros>> {};
struct quarter {
    static constexpr auto problem = hw::matrix_product(1, 16, 1, 1, 0.25);
};
struct hardly_any {
    static constexpr auto problem = hw::matrix_product(4, 4, 4, 1, 1e-13);
};

/// Levels, a nest and policies at random. @param density of weights
struct random_case {
    hw::nest_problem problem;
    std::array<hw::memory_level, 3> levels{{{.name = "A"}, {.name = "B"}, {.name = "C"}}};
    hw::arithmetic_unit unit{2};
    hw::cycle_rules rules;
    hw::nest_goal goal = hw::nest_goal::energy;

    random_case(verdant::random_stream& random, double density) {
        const auto one_of = [&]<std::size_t N>(const std::array<std::int64_t, N>& numbers) { return numbers[random.below(N)]; };
        problem = hw::convolution({.out_channels = one_of(std::array<std::int64_t, 3>{1, 4, 6}),
                                   .in_channels = one_of(std::array<std::int64_t, 3>{1, 2, 3}),
                                   .rows = one_of(std::array<std::int64_t, 3>{1, 4, 6}),
                                   .kernel_rows = one_of(std::array<std::int64_t, 3>{1, 2, 3}),
                                   .row_stride = static_cast<std::int32_t>(1 + random.below(2)),
                                   .weight_density = density});
        for (auto& l : levels) {
            l.block = static_cast<std::int32_t>(1 + random.below(3));
            l.fan_out_x = one_of(std::array<std::int64_t, 3>{1, 2, 3});
            if (random.below(2) == 0) l.shared_bandwidth = static_cast<double>(1 + random.below(4));
            if (random.below(3) == 0) l.buffering = hw::tile_buffering::twice;
            l.rows = one_of(std::array<std::int64_t, 4>{0, 0, 0, 2});
            l.read_energy = static_cast<double>(1 + random.below(50));
            l.write_energy = static_cast<double>(random.below(50));
            l.update_energy = static_cast<double>(random.below(50));
            l.weights = std::array{hw::weight_storage::plain, hw::weight_storage::bitmask, hw::weight_storage::offsets}[random.below(3)];
            l.offset_bits = static_cast<std::int32_t>(random.below(5));
        }
        levels[1].capacity = one_of(std::array<std::int64_t, 3>{8, 16, 40});
        levels[1].keeps = random.below(3) == 0 ? static_cast<std::uint32_t>(random.below(8)) : 7U;
        if (random.below(2) == 0) levels[2].keeps = static_cast<std::uint32_t>(random.below(8));
        levels[2].capacity = one_of(std::array<std::int64_t, 3>{4, 8, 12});
        unit.zeros = std::array{hw::zero_weights::computed, hw::zero_weights::gated, hw::zero_weights::skipped}[random.below(3)];
        rules = {random.below(2) == 0 ? hw::transfer_overlap::hidden : hw::transfer_overlap::exposed,
                 random.below(2) == 0 ? hw::drain_traffic::counted : hw::drain_traffic::ignored};
        goal = std::array{hw::nest_goal::energy, hw::nest_goal::cycles, hw::nest_goal::energy_times_cycles}[random.below(3)];
    }
};

} // namespace

TEST_CASE("zeros that are gated keep their cycles, and their inputs and sums rest") {
    // As in Sparseloop's dot product with plain weights: all 16 are read to see which are zero.
    using array = one_buffer<hw::weight_storage::plain, hw::zero_weights::gated>;
    using m = hw::mapped<array, quarter, "buffer[WIO] C16">;
    constexpr auto c = hw::sparse_counts(quarter::problem, array::levels, m::counts, hw::zero_weights::gated);
    STATIC_REQUIRE(c.at[0][0].reads == 16);
    STATIC_REQUIRE(c.at[0][1].reads == 4);
    STATIC_REQUIRE((c.at[0][2].updates == 4 && c.at[0][2].reads == 3));
    STATIC_REQUIRE(m::cost.cycles == 16);
    STATIC_REQUIRE(m::cost.arithmetic_energy == 4 * 0.5);
    STATIC_REQUIRE(m::cost.energy == 2.0 * (16 + 4 + 3) + 1.0 * 4 + 2);
    STATIC_REQUIRE(m::cost.utilisation == 0.25);
}

TEST_CASE("zeros that are skipped take no cycles, and compressed weights are read without them") {
    using array = one_buffer<hw::weight_storage::offsets, hw::zero_weights::skipped, 4>;
    using m = hw::mapped<array, quarter, "buffer[WIO] C16">;
    constexpr auto c = hw::sparse_counts(quarter::problem, array::levels, m::counts, hw::zero_weights::skipped);
    STATIC_REQUIRE((c.at[0][0].tile == 6 && c.at[0][0].reads == 6)); // 4 weights of 8 bits, 4 offsets of 4
    STATIC_REQUIRE((c.at[0][1].reads == 4 && c.at[0][2].updates == 4 && c.at[0][2].reads == 3));
    STATIC_REQUIRE(m::cost.cycles == 5); // 13 words out at 3 a cycle
    STATIC_REQUIRE(m::cost.utilisation == 0.8);
    // Without either, zeros are like other weights.
    using dense = hw::mapped<one_buffer<hw::weight_storage::plain, hw::zero_weights::computed>, quarter, "buffer[WIO] C16">;
    STATIC_REQUIRE((dense::cost.cycles == 16 && dense::cost.arithmetic_energy == 8 && dense::cost.utilisation == 1));
}

TEST_CASE("words of weights are those that are not zero and their metadata, and never more than all") {
    const auto stored = [](hw::weight_storage how, int bits, double density) {
        return hw::stored_words({.name = "A", .word_bits = 8, .weights = how, .offset_bits = bits}, 1000, density);
    };
    CHECK(stored(hw::weight_storage::plain, 0, 0.1) == 1000);
    CHECK(stored(hw::weight_storage::bitmask, 0, 0.3) == 425); // and one bit in eight
    CHECK(stored(hw::weight_storage::bitmask, 0, 0.9) == 1000);
    CHECK(stored(hw::weight_storage::offsets, 0, 0.3) == 300);
    CHECK(stored(hw::weight_storage::offsets, 2, 0.5) == 625);
    CHECK(stored(hw::weight_storage::offsets, 8, 0.3) == 600);
    CHECK(stored(hw::weight_storage::offsets, 8, 1) == 1000);
    CHECK(stored(hw::weight_storage::offsets, 0, 1e-9) == 1);
    // A tile that fits only without its zeros.
    const auto p = hw::matrix_product(1, 8, 8, 1, 0.25);
    std::array<hw::memory_level, 1> levels{{{.name = "A", .capacity = 32 + 16, .weights = hw::weight_storage::bitmask}}};
    const auto mapping = hw::parse_nest_mapping("A[WIO] K8 C8", p);
    CHECK(hw::check_mapping(p, levels, mapping).fault == hw::mapping_fault::none); // 16 weights, 8 words of mask, 8 inputs, 8 outputs
    levels[0].weights = hw::weight_storage::plain;
    CHECK(hw::check_mapping(p, levels, mapping).found == 64 + 16);
}

TEST_CASE("an access that serves many multiplications is needed if one of their weights is not zero") {
    using hw::detail::effectual_share;
    CHECK(effectual_share(0.25, 1) == 0.25);
    CHECK(std::fabs(effectual_share(0.25, 4) - (1 - std::pow(0.75, 4))) < 1e-15);
    CHECK(std::fabs(effectual_share(0.25, 2.5) - (effectual_share(0.25, 2) + effectual_share(0.25, 3)) / 2) < 1e-15);
    CHECK(effectual_share(0.5, 5000) == 1);
    double accesses = 0, fewer = 0;
    for (std::int64_t n = 1; n <= 200; ++n, fewer = accesses) CHECK((accesses = hw::detail::effectual_accesses(n, 200, 0.3)) >= fewer * (1 - 1e-12));
    // The words of four columns, which all see the same input; each column has a weight of its own.
    const auto p = hw::matrix_product(1, 100, 4, 1, 0.25);
    const std::array<hw::memory_level, 1> levels{{{.name = "A", .fan_out_x = 4}}};
    const auto counts = hw::analyse(p, levels, hw::parse_nest_mapping("A[WIO] C100 K4X", p));
    const auto left = hw::sparse_counts(p, levels, counts, hw::zero_weights::gated);
    CHECK(counts.at[0][1].reads == 100);
    CHECK(left.at[0][1].reads == 69); // 68.4
    auto rows = levels;
    rows[0].rows = 1; // of a wide row some word is always needed
    CHECK(hw::sparse_counts(p, rows, counts, hw::zero_weights::gated).at[0][1].reads == 100);
}

TEST_CASE("random zeros leave as many accesses as the model says") {
    verdant::random_stream random{3};
    constexpr std::int64_t inner = 40, columns = 6, rows = 5;
    const double density = 0.3;
    std::int64_t multiplied = 0, inputs = 0;
    constexpr int draws = 2000;
    for (int draw = 0; draw < draws; ++draw)
        for (std::int64_t c = 0; c < inner; ++c) {
            int some = 0;
            for (std::int64_t k = 0; k < columns; ++k) some += random.uniform() < density;
            multiplied += some * rows;
            inputs += some > 0 ? rows : 0;
        }
    const auto p = hw::matrix_product(rows, inner, columns, 1, density);
    const std::array<hw::memory_level, 1> levels{{{.name = "A", .fan_out_x = columns}}};
    const auto counts = hw::analyse(p, levels, hw::parse_nest_mapping("A[WIO] P5 C40 K6X", p));
    const auto left = hw::sparse_counts(p, levels, counts, hw::zero_weights::skipped);
    const auto near = [](std::int64_t model, std::int64_t drawn) {
        return std::fabs(static_cast<double>(drawn) / draws - static_cast<double>(model)) < 1.5;
    };
    CHECK(near(hw::effectual_operations(p, hw::zero_weights::skipped), multiplied));
    CHECK(near(left.at[0][1].reads, inputs));
}

TEST_CASE("a density of one is no sparsity, whatever levels and multipliers could do with zeros") {
    verdant::random_stream random{17};
    for (int round = 0; round < 40; ++round) {
        const random_case x{random, 1};
        auto levels = x.levels;
        for (auto& l : levels) l.weights = hw::weight_storage::plain, l.offset_bits = 0;
        INFO("round " << round);
        hw::mapped_nest found;
        try {
            found = hw::map_nest(x.problem, x.levels, x.unit,
                                 {.goal = x.goal, .rules = x.rules, .most_exhaustive = 2000, .most_local = 500, .most_branches = 2000});
        } catch (const verdant::infeasible_error&) { continue; }
        CHECK(hw::sparse_counts(x.problem, x.levels, found.counts, x.unit.zeros).at == found.counts.at);
        const auto plain = hw::cost_of(x.problem, levels, {2}, found.counts, x.rules);
        CHECK((plain.energy == found.cost.energy && plain.cycles == found.cost.cycles && plain.utilisation == found.cost.utilisation));
        const auto a = hw::bound_nest(x.problem, x.levels, x.unit, x.rules), b = hw::bound_nest(x.problem, levels, {2}, x.rules);
        CHECK((a.energy == b.energy && a.cycles == b.cycles));
    }
}

TEST_CASE("fewer weights never cost more") {
    verdant::random_stream random{29};
    for (int round = 0; round < 60; ++round) {
        random_case x{random, 1};
        hw::mapped_nest found;
        try {
            found = hw::map_nest(x.problem, x.levels, x.unit,
                                 {.goal = x.goal, .rules = x.rules, .most_exhaustive = 2000, .most_local = 500, .most_branches = 0});
        } catch (const verdant::infeasible_error&) { continue; }
        double energy = found.cost.energy;
        auto cycles = found.cost.cycles;
        for (const double density : {0.99, 0.7, 0.5, 0.2, 0.01}) {
            INFO("round " << round << ", density " << density);
            x.problem.weight_density = density;
            const auto cost = hw::cost_of(x.problem, x.levels, x.unit, found.counts, x.rules);
            CHECK(cost.energy <= energy * (1 + 1e-12));
            CHECK(cost.cycles <= cycles);
            energy = cost.energy;
            cycles = cost.cycles;
        }
    }
}

TEST_CASE("branch and bound finds what all mappings of nests with zeros say, and no mapping is better than the bound") {
    int proved = 0, tight = 0;
    for (std::uint64_t round = 0; round < 300; ++round) {
        verdant::random_stream random{round};
        const random_case x{random, std::array{0.05, 0.3, 0.5, 0.75, 0.97}[random.below(5)]};
        INFO("round " << round);
        hw::mapped_nest all;
        try {
            all = hw::map_nest(x.problem, x.levels, x.unit, {.goal = x.goal, .rules = x.rules, .most_exhaustive = 2'000'000});
        } catch (const verdant::infeasible_error&) { continue; }
        const auto bound = hw::bound_nest(x.problem, x.levels, x.unit, x.rules);
        CHECK(bound.cycles <= all.cost.cycles);
        CHECK(bound.energy <= all.cost.energy * (1 + 1e-12));
        tight += x.goal == hw::nest_goal::cycles && bound.cycles == all.cost.cycles;
        if (!all.proved) continue;
        const auto branched = hw::map_nest(x.problem, x.levels, x.unit,
                                           {.goal = x.goal, .rules = x.rules, .most_exhaustive = 0, .most_local = 5, .most_branches = 1'000'000});
        CHECK(branched.proved);
        CHECK(std::fabs(branched.value - all.value) <= 1e-9 * all.value);
        CHECK_NOTHROW(hw::require_mapping(x.problem, x.levels, branched.mapping));
        ++proved;
    }
    CHECK(proved > 150);
    CHECK(tight > 10); // it is of use
}

TEST_CASE("a density that is none is refused by name") {
    const std::array<hw::memory_level, 1> levels{{{.name = "A"}}};
    for (const double density : {0.0, -0.5, 1.5, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        auto p = hw::matrix_product(2, 2, 2);
        p.weight_density = density;
        const auto mapping = hw::parse_nest_mapping("A[WIO] P2 C2 K2", p);
        const auto refused = Catch::Contains("density of weights: expected a number above 0 and at most 1, found ");
        CHECK_THROWS_WITH(hw::matrix_product(2, 2, 2, 1, density), refused);
        CHECK_THROWS_WITH(hw::convolution({.out_channels = 2, .weight_density = density}), refused);
        CHECK(hw::check_mapping(p, levels, mapping).fault == hw::mapping_fault::density);
        CHECK_THROWS_WITH(hw::require_mapping(p, levels, mapping), refused);
        CHECK_THROWS_WITH(hw::map_nest(p, levels, {1}), refused);
        CHECK_THROWS_WITH(hw::bound_nest(p, levels, {1}), refused);
    }
}

TEST_CASE("zeros of an output are refused by name") {
    const std::array<hw::memory_level, 1> levels{{{.name = "A"}}};
    auto p = hw::matrix_product(2, 2, 2);
    std::swap(p.tensors[0], p.tensors[2]);
    const auto mapping = hw::parse_nest_mapping("A[WIO] P2 C2 K2", p);
    CHECK_NOTHROW(hw::require_mapping(p, levels, mapping));
    CHECK_NOTHROW(hw::map_nest(p, levels, {1}));
    CHECK_NOTHROW(hw::bound_nest(p, levels, {1}));
    p.weight_density = 0.5;
    const auto refused = Catch::Contains("density of weights: expected 1, as the first tensor is an output, found 0.5");
    CHECK(hw::check_mapping(p, levels, mapping).fault == hw::mapping_fault::density);
    CHECK_THROWS_WITH(hw::require_mapping(p, levels, mapping), refused);
    CHECK_THROWS_WITH(hw::map_nest(p, levels, {1}), refused);
    CHECK_THROWS_WITH(hw::bound_nest(p, levels, {1}), refused);
}

TEST_CASE("however few weights are left, each count of some is one at least") {
    using array = one_buffer<hw::weight_storage::offsets, hw::zero_weights::skipped, 4>;
    for (const double density : {1e-6, 1e-9, 1e-12, 1e-17, 1e-300, std::numeric_limits<double>::denorm_min()}) {
        INFO("density " << density);
        const auto p = hw::matrix_product(4, 4, 4, 1, density);
        const auto found = hw::map_nest(p, array::levels, array::unit);
        CHECK(found.cost.cycles >= 1);
        CHECK(found.cost.utilisation == 1 / static_cast<double>(found.cost.cycles));
        CHECK(found.value > 0);
        CHECK(hw::effectual_operations(p, hw::zero_weights::skipped) == 1);
        CHECK(hw::stored_words(array::levels[0], 16, density) == 1);
        const auto left = hw::sparse_counts(p, array::levels, found.counts, hw::zero_weights::skipped);
        CHECK((left.at[0][0].reads >= 1 && left.at[0][1].reads >= 1 && left.at[0][2].updates >= 1));
        const auto bound = hw::bound_nest(p, array::levels, array::unit);
        CHECK((bound.cycles >= 1 && bound.cycles <= found.cost.cycles && bound.energy <= found.cost.energy));
        // A share that one less the density has no digits for.
        CHECK(hw::detail::effectual_share(density, 1) == density);
        CHECK(std::fabs(hw::detail::effectual_share(density, 7) / density - 7) < 1e-4);
    }
    using m = hw::mapped<array, hardly_any, "buffer[WIO] P4 C4 K4">;
    STATIC_REQUIRE((m::cost.cycles >= 1 && m::cost.utilisation > 0));
}
