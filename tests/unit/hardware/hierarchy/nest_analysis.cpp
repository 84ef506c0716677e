#include "catch.hpp"

#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace {

namespace hw = verdant::hardware;

/// Steps through all temporal loops of a hierarchy without fan-out and counts, word by word, what comes into each level and goes out of it. Levels
/// are emptied of what the next tile does not need; a tile of no window that moves changes as a whole, so this is what the closed form must say.
struct stepped {
    std::array<std::array<std::int64_t, 3>, 3> fills{}, updates{};
};

using word = std::array<std::int64_t, 3>;

std::set<word> tile_of(const hw::nest_tensor& t, const std::array<std::int64_t, 3>& base, const std::array<std::int64_t, 3>& extent) {
    std::set<word> out;
    for (std::int64_t i = 0; i < extent[0]; ++i)
        for (std::int64_t j = 0; j < extent[1]; ++j)
            for (std::int64_t k = 0; k < extent[2]; ++k) {
                const std::array<std::int64_t, 3> at{base[0] + i, base[1] + j, base[2] + k};
                word w{-1, -1, -1};
                for (std::size_t a = 0; a < t.axis_count; ++a) w[a] = at[t.axes[a].first];
                out.insert(w);
            }
    return out;
}

stepped simulate(const hw::nest_problem& p, const hw::nest_mapping& m) {
    struct loop {
        std::size_t level, dim;
        std::int64_t bound, stride, at = 0;
    };
    std::vector<loop> loops;
    std::array<std::int64_t, 3> left = {p.bounds[0], p.bounds[1], p.bounds[2]};
    std::vector<std::array<std::int64_t, 3>> extent(m.level_count);
    for (std::size_t l = 0; l < m.level_count; ++l) {
        extent[l] = left;
        for (std::size_t i = 0; i < m.levels[l].temporal_count; ++i) {
            const auto& x = m.levels[l].temporal[i];
            left[x.dim] /= x.bound;
            loops.push_back({l, x.dim, x.bound, left[x.dim]});
        }
    }
    stepped out;
    std::vector<std::array<std::set<word>, 3>> held(m.level_count);
    for (bool more = true; more;) {
        for (std::size_t l = 0; l < m.level_count; ++l) {
            std::array<std::int64_t, 3> base{};
            for (const auto& x : loops)
                if (x.level < l) base[x.dim] += x.at * x.stride;
            for (std::size_t t = 0; t < 3; ++t) {
                auto tile = tile_of(p.tensors[t], base, extent[l]);
                if (tile == held[l][t]) continue;
                out.fills[l][t] += static_cast<std::int64_t>(tile.size());
                held[l][t] = std::move(tile);
            }
        }
        more = false;
        for (std::size_t i = loops.size(); i-- > 0 && !more;) {
            if (++loops[i].at < loops[i].bound) more = true;
            else loops[i].at = 0;
        }
    }
    return out;
}

constexpr std::array<hw::memory_level, 2> free_levels{
    {{.name = "A", .block = 8, .read_energy = 100, .update_energy = 10}, {.name = "B", .read_energy = 1, .write_energy = 2, .update_energy = 3}}};

/// The inner one takes that many words a cycle.
constexpr std::array<hw::memory_level, 2> narrow(double words) {
    auto levels = free_levels;
    levels[1].write_bandwidth = words;
    return levels;
}

} // namespace

TEST_CASE("counts of nests equal those of stepping through them") {
    hw::nest_problem p;
    p.add_dim('P', 4);
    p.add_dim('C', 6);
    p.add_dim('K', 4);
    hw::nest_tensor w{.name = "W"}, i{.name = "I"}, o{.name = "O", .output = true};
    w.add_axis({.first = 1});
    w.add_axis({.first = 2});
    i.add_axis({.first = 0});
    i.add_axis({.first = 1});
    o.add_axis({.first = 0});
    o.add_axis({.first = 2});
    p.tensors = {w, i, o};
    p.tensor_count = 3;
    std::array<hw::memory_level, 3> levels{};
    verdant::random_stream random{3};
    for (int round = 0; round < 400; ++round) {
        levels[1].keeps = round < 200 ? 7U : static_cast<std::uint32_t>(random.below(8)); // the others pass by
        hw::nest_mapping m;
        m.level_count = 3;
        std::vector<std::pair<std::size_t, std::int32_t>> factors{{0, 2}, {0, 2}, {1, 2}, {1, 3}, {2, 2}, {2, 2}};
        while (!factors.empty()) {
            const auto f = random.below(factors.size());
            m.levels[random.below(3)].add_temporal(factors[f].first, factors[f].second);
            factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(f));
        }
        const auto found = hw::analyse(p, levels, m);
        const auto expected = simulate(p, m);
        CHECK(found.steps == 96);
        for (std::size_t l = 1; l < 3; ++l)
            for (std::size_t t = 0; t < 3; ++t) {
                INFO("round " << round << ", level " << l << ", tensor " << t);
                if ((levels[l].keeps >> t & 1U) == 0) {
                    CHECK(found.at[l][t] == hw::tensor_counts{});
                    continue;
                }
                const std::size_t outside = l == 2 && (levels[1].keeps >> t & 1U) != 0 ? 1 : 0;
                // Of sums, the first visit of each word brings nothing.
                const auto first = t == 2 ? found.at[l][t].partition : 0;
                CHECK(found.at[l][t].fills == expected.fills[l][t] - first);
                if (t != 2) CHECK(found.at[outside][t].reads == expected.fills[l][t]);
                else CHECK(found.at[outside][t].updates == expected.fills[l][t]);
            }
    }
}

TEST_CASE("a sliding window brings only its new words, and only along the innermost loop above it") {
    constexpr auto p = hw::convolution({.rows = 8, .columns = 8, .kernel_rows = 3, .kernel_columns = 3});
    constexpr std::array<hw::memory_level, 2> levels{};
    constexpr auto fills = [](std::string_view text) {
        return hw::analyse(hw::convolution({.rows = 8, .columns = 8, .kernel_rows = 3, .kernel_columns = 3}), std::array<hw::memory_level, 2>{},
                           hw::read_nest_mapping(text, hw::convolution({.rows = 8, .columns = 8, .kernel_rows = 3, .kernel_columns = 3})).mapping)
            .at[1][1]
            .fills;
    };
    STATIC_REQUIRE(p.iterations() == 8 * 8 * 9);
    STATIC_REQUIRE(levels.size() == 2);
    STATIC_REQUIRE(fills("A[WIO] P8 - B[WIO] Q8 R3 S3") == 10 * 10);
    STATIC_REQUIRE(fills("A[WIO] P8 Q8 - B[WIO] R3 S3") == 8 * (9 + 7 * 3));
    STATIC_REQUIRE(fills("A[WIO] P8 Q8 K1 - B[WIO] R3 S3") == 8 * (9 + 7 * 3));
    // A window that goes down its kernel meets the tile of the next row where it ends: that step is free, the next one is whole.
    STATIC_REQUIRE(fills("A[WIO] P4 R3 - B[WIO] P2 Q8 S3") == 10 * ((2 + 1 + 1) + 3 * (2 + 1)));
}

TEST_CASE("loops of one step change nothing") {
    constexpr auto p = hw::matrix_product(8, 4, 16);
    constexpr std::array<hw::memory_level, 2> levels{};
    const auto plain = hw::parse_nest_mapping("A[WIO] K4 P8 - B[WIO] K2X C4 K2", p);
    auto padded = plain;
    padded.levels[0].temporal = {{{5, 1}, plain.levels[0].temporal[0], {2, 1}, plain.levels[0].temporal[1], {1, 1}}};
    padded.levels[0].temporal_count = 5;
    padded.levels[1].add_spatial(2, 1);
    const auto found = hw::analyse(p, levels, padded), expected = hw::analyse(p, levels, plain);
    CHECK(found.at == expected.at);
    CHECK(found.steps == 4 * 8 * 4 * 2);
    CHECK(found.at[1][0].fills == 64); // P turns innermost, and the weights stay
    CHECK(found.at[1][1].fills == 4 * 32);
}

TEST_CASE("an axis with a stride and a fourth tensor are counted") {
    constexpr auto p = [] {
        hw::nest_problem out;
        out.add_dim('P', 6);
        out.add_dim('C', 4);
        hw::nest_tensor every_second{.name = "E"}, rows{.name = "R"}, columns{.name = "C"}, sums{.name = "S", .output = true};
        every_second.add_axis({.first = 0, .step = 2});
        every_second.add_axis({.first = 1});
        rows.add_axis({.first = 0});
        columns.add_axis({.first = 1});
        sums.add_axis({.first = 0});
        out.tensors = {every_second, rows, columns, sums};
        out.tensor_count = 4;
        return out;
    }();
    constexpr std::array<hw::memory_level, 2> levels{};
    constexpr auto m = hw::read_nest_mapping("A[ERCS] P3 C2 - B[ERCS] P2 C2", p).mapping;
    constexpr auto c = hw::analyse(p, levels, m);
    // A tile of two rows that are two apart is the box around them, three rows.
    STATIC_REQUIRE(c.at[1][0].tile == 3 * 2 && c.at[1][0].fills == 6 * 6 && c.at[1][0].partition == 6 * 6);
    STATIC_REQUIRE(c.at[1][1].fills == 3 * 2 && c.at[0][1].reads == 6);
    STATIC_REQUIRE(c.at[1][2].fills == 6 * 2 && c.at[1][2].partition == 4);
    STATIC_REQUIRE(c.at[1][3].fills == 0 && c.at[1][3].drains == 6 && c.at[0][3].updates == 6 && c.at[1][3].updates == 24);
}

TEST_CASE("a nest of two tensors has no counts of a third one") {
    hw::nest_problem p;
    p.add_dim('P', 6);
    hw::nest_tensor in{.name = "I"}, sums{.name = "S", .output = true};
    in.add_axis({.first = 0});
    sums.add_axis({.first = 0});
    p.tensors[0] = in;
    p.tensors[1] = sums;
    p.tensor_count = 2;
    constexpr std::array<hw::memory_level, 2> levels{};
    auto m = hw::read_nest_mapping("A[IS] P3 - B[IS] P2", p).mapping;
    for (auto& level : m.levels) level.keeps = ~0U; // as in a mapping made by hand
    const auto c = hw::analyse(p, levels, m);
    CHECK(c.at[1][0].fills == 6);
    for (std::size_t l = 0; l < 2; ++l)
        for (std::size_t t = 2; t < 4; ++t)
            CHECK((c.at[l][t].tile == 0 && c.at[l][t].fills == 0 && c.at[l][t].reads == 0 && c.at[l][t].updates == 0));
}

TEST_CASE("a mapping has the same counts in a constant expression as at run time, with more loops than are looked at together") {
    constexpr auto p =
        hw::convolution({.batch = 4, .out_channels = 16, .in_channels = 8, .rows = 8, .columns = 8, .kernel_rows = 3, .kernel_columns = 3});
    constexpr std::array<hw::memory_level, 4> levels{
        {{.name = "A"}, {.name = "B", .fan_out_x = 2, .keeps = 0b011}, {.name = "C", .keeps = 0b100}, {.name = "D", .keeps = 0b001}}};
    constexpr auto m = hw::read_nest_mapping("A[WIO] N2 P2 Q2 - B[WI] R3 P2 Q2 N2 P2 K2X - C[O] Q2 S3 C2 K2 C2 - D[W] C2 K4", p);
    STATIC_REQUIRE(m.fault == hw::mapping_text_fault::none);
    constexpr auto fixed = hw::analyse(p, levels, m.mapping);
    hw::nest_counts counts;
    for (auto& level : counts.at) level.fill({9, 9, 9, 9, 9, 9}); // of a mapping before
    hw::analyse(p, levels, m.mapping, counts);
    for (std::size_t l = 0; l < 4; ++l)
        for (std::size_t t = 0; t < 3; ++t) CHECK(counts.at[l][t] == fixed.at[l][t]);
    CHECK(counts.instances == fixed.instances);
    CHECK(counts.multipliers == 2);
    CHECK(counts.steps == p.iterations() / 2);
    // Weights come into B once: N, P and Q turn above it. Into D they come anew in each step of all loops down to the innermost C above.
    STATIC_REQUIRE(fixed.at[1][0].fills == 16 * 8 * 9);
    STATIC_REQUIRE(fixed.at[3][0].fills == 2 * 2 * 2 * (3 * 2 * 2 * 2 * 2) * (2 * 3 * 2 * 2 * 2) * 8);
    // Eight loops that do not change the weights in D, below one that does.
    constexpr auto still = hw::read_nest_mapping("A[WIO] K2 - B[WI] N2 P2 Q2 N2 P2 Q2 P2 Q2 - C[O] - D[W] K8 C8 R3 S3", p);
    STATIC_REQUIRE(still.fault == hw::mapping_text_fault::none);
    STATIC_REQUIRE(hw::analyse(p, levels, still.mapping).at[3][0].fills == 16 * 8 * 9);
    CHECK(hw::analyse(p, levels, hw::parse_nest_mapping("A[WIO] K2 - B[WI] N2 P2 Q2 N2 P2 Q2 P2 Q2 - C[O] - D[W] K8 C8 R3 S3", p)).at[3][0].fills ==
          16 * 8 * 9);
}

TEST_CASE("siblings share what they all need, and reduce what they add to") {
    constexpr auto p = hw::matrix_product(8, 4, 16);
    constexpr std::array<hw::memory_level, 3> levels{{{.name = "A"}, {.name = "B", .fan_out_x = 16, .fan_out_y = 4}, {.name = "C"}}};
    constexpr auto m = hw::read_nest_mapping("A[WIO] P2 - B[WIO] P2 K4X C4Y - C[WIO] P2 K4", p);
    STATIC_REQUIRE(m.fault == hw::mapping_text_fault::none);
    STATIC_REQUIRE(m.mapping.levels[1].first_y == 1);
    constexpr auto c = hw::analyse(p, levels, m.mapping);
    STATIC_REQUIRE(c.multipliers == 16 && c.steps == 32 && c.instances[2] == 16);
    // Each of 16 registers files holds 4 weights all the time, and rows of the input at a time.
    STATIC_REQUIRE(c.at[2][0].fills == 4 && c.at[1][0].reads == 64);
    STATIC_REQUIRE(c.at[2][1].fills == 8 && c.at[1][1].reads == 8 * 4); // shared by 4 columns
    STATIC_REQUIRE(c.at[1][2].updates == 8 * 16 && c.at[1][2].reads == 0); // 4 rows are added up
    STATIC_REQUIRE(c.at[0][2].updates == 8 * 16);
}

TEST_CASE("cycles are those of the slowest level, and energies those of whole blocks") {
    constexpr auto p = hw::matrix_product(8, 4, 16);
    constexpr auto m = hw::read_nest_mapping("A[WIO] P8 - B[WIO] C4 K16", p).mapping;
    constexpr auto counts = hw::analyse(p, free_levels, m);
    STATIC_REQUIRE(counts.at[0][0].reads == 64 && counts.at[0][1].reads == 32 && counts.at[0][2].updates == 128);
    STATIC_REQUIRE(hw::tensor_energy(free_levels[0], counts.at[0][0]) == 800 && hw::tensor_energy(free_levels[0], counts.at[0][2]) == 160);
    STATIC_REQUIRE(hw::cost_of(p, free_levels, {0.5}, counts).cycles == 512);
    STATIC_REQUIRE(hw::cost_of(p, free_levels, {0.5}, counts).arithmetic_energy == 256);
    // 64 + 32 words from outside and 512 sums from inside.
    STATIC_REQUIRE(hw::cost_of(p, narrow(1), {}, counts).cycles == 608);
    STATIC_REQUIRE(hw::cost_of(p, narrow(2), {}, counts).cycles == 512);
    STATIC_REQUIRE(hw::cost_of(p, narrow(2), {}, counts, {.overlap = hw::transfer_overlap::exposed}).cycles == 512 + 48);
    constexpr auto buffered = [] {
        auto levels = narrow(2);
        levels[0].buffering = levels[1].buffering = hw::tile_buffering::twice;
        return levels;
    }();
    STATIC_REQUIRE(hw::cost_of(p, buffered, {}, counts, {.overlap = hw::transfer_overlap::exposed}).cycles == 512);
    // Sums that leave are words too.
    constexpr auto reading = [] {
        auto levels = free_levels;
        levels[1].read_bandwidth = 1;
        return levels;
    }();
    STATIC_REQUIRE(hw::cost_of(p, reading, {}, counts).cycles == 512 + 512 + 384 + 128);
    STATIC_REQUIRE(hw::cost_of(p, reading, {}, counts, {.drains = hw::drain_traffic::ignored}).cycles == 512 + 512 + 384);
}

TEST_CASE("groups and dilation are loops and strides of a convolution") {
    constexpr auto p =
        hw::convolution({.out_channels = 2, .in_channels = 3, .rows = 4, .kernel_rows = 3, .groups = 5, .row_stride = 2, .row_dilation = 2});
    STATIC_REQUIRE(p.iterations() == 2 * 3 * 4 * 3 * 5);
    STATIC_REQUIRE(hw::words_of(p.tensors[0], p.bounds) == 5 * 2 * 3 * 3);
    STATIC_REQUIRE(hw::words_of(p.tensors[1], p.bounds) == 5 * 3 * (3 * 2 + 2 * 2 + 1));
    STATIC_REQUIRE(hw::words_of(p.tensors[2], p.bounds) == 5 * 2 * 4);
    STATIC_REQUIRE(hw::depthwise({.out_channels = 7, .in_channels = 7, .rows = 4, .groups = 7}).iterations() == 28);
}
