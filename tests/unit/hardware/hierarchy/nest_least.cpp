#include "catch.hpp"

#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_least.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace {

namespace hw = verdant::hardware;

} // namespace

TEST_CASE("no order of loops has fewer accesses than the least, which a good order of matrix products has") {
    constexpr auto p = hw::matrix_product(8, 4, 16);
    constexpr std::array<hw::memory_level, 2> levels{};
    constexpr auto least = [](std::string_view text) {
        hw::nest_counts out;
        hw::detail::least_counts(hw::matrix_product(8, 4, 16), std::array<hw::memory_level, 2>{},
                                 hw::read_nest_mapping(text, hw::matrix_product(8, 4, 16)).mapping, true, 0, out);
        return out;
    };
    // Weights may stay while P turns, inputs while K does and sums while C does: each as if its order had been chosen.
    constexpr auto c = least("A[WIO] P4 C2 K8 - B[WIO] P2 C2 K2");
    STATIC_REQUIRE(c.at[1][0].fills == 16 * 4 && c.at[1][1].fills == 8 * 4 && c.at[1][2].drains == 128 && c.at[1][2].fills == 0);
    const auto weights_stay = hw::analyse(p, levels, hw::parse_nest_mapping("A[WIO] C2 K8 P4 - B[WIO] P2 C2 K2", p));
    CHECK(weights_stay.at[1][0].fills == 64);
    CHECK(weights_stay.at[1][1].fills == 8 * 4 * 8);
}

TEST_CASE(
    "the least counts of a mapping, with some levels in order and others not, are at most those of the mapping, of a part of its dimensions too") {
    verdant::random_stream random{21};
    for (int round = 0; round < 3000; ++round) {
        const auto p = hw::convolution({.batch = 2,
                                        .out_channels = 4,
                                        .in_channels = 6,
                                        .rows = 8,
                                        .columns = 4,
                                        .kernel_rows = static_cast<std::int64_t>(1 + random.below(4)),
                                        .kernel_columns = 2,
                                        .row_stride = static_cast<std::int32_t>(1 + random.below(3))});
        std::array<hw::memory_level, 3> levels{};
        levels[1].keeps = static_cast<std::uint32_t>(random.below(8));
        for (auto& l : levels) l.fan_out_x = 64; // more than any mapping here spreads over
        hw::nest_mapping m;
        m.level_count = 3;
        for (std::size_t d = 0; d < p.dim_count; ++d) {
            auto left = p.bounds[d];
            for (const std::int32_t f : {2, 3, 2, 2})
                if (left % f == 0) {
                    left /= f;
                    auto& level = m.levels[random.below(3)];
                    if (random.below(4) == 0) level.add_spatial(d, f);
                    else if (level.temporal_count < hw::most_level_loops) level.add_temporal(d, f);
                }
        }
        for (auto& level : m.levels)
            for (std::size_t i = level.temporal_count; i > 1; --i) std::swap(level.temporal[i - 1], level.temporal[random.below(i)]);
        const auto without = random.below(p.dim_count);
        auto part = m;
        for (auto& level : part.levels) {
            const auto there = [&](const hw::nest_loop& x) { return x.dim != without; };
            std::array<hw::nest_loop, hw::most_level_loops> loops{};
            level.temporal_count = static_cast<std::uint8_t>(
                std::copy_if(level.temporal.begin(), level.temporal.begin() + level.temporal_count, loops.begin(), there) - loops.begin());
            level.temporal = loops;
            level.spatial_count = static_cast<std::uint8_t>(
                std::copy_if(level.spatial.begin(), level.spatial.begin() + level.spatial_count, loops.begin(), there) - loops.begin());
            level.spatial = loops;
        }
        const auto counts = hw::analyse(p, levels, m);
        hw::nest_counts least;
        const auto ordered = random.below(4);
        for (const bool whole : {true, false}) {
            hw::detail::least_counts(p, levels, whole ? m : part, whole, ordered, least);
            bool below = true;
            for (std::size_t l = 0; l < 3; ++l)
                for (std::size_t t = 0; t < 3; ++t) {
                    const auto &a = least.at[l][t], &b = counts.at[l][t];
                    below = below && a.reads <= b.reads && a.fills <= b.fills && a.updates <= b.updates && a.drains <= b.drains;
                    if (whole) below = below && a.tile == b.tile && a.partition == b.partition;
                }
            INFO("round " << round << ", whole " << whole << ", ordered " << ordered);
            CHECK(below);
        }
    }
}
