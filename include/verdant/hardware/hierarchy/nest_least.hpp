#pragma once

#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// Counts that no order of the loops of a mapping falls below, for branch and bound over mappings.
namespace verdant::hardware::detail {

/// Words that go into a tile at least. @param visits of the tile at least
/// @param turns  steps of the loops above, by dimension
/// @param inner  the same of the innermost level above that has loops
[[nodiscard]] constexpr std::int64_t least_words_into(const nest_tensor& t, const nest_extent& tile, std::int64_t words, std::int64_t visits,
                                                      const nest_extent& turns, const nest_extent& inner) noexcept {
    if (!t.windows) return visits * words;
    // Each word of the boxes of all tiles comes in once. And only the innermost loop may keep a part of a tile, so that the others bring it whole.
    std::int64_t box = 1, keeps = 1;
    for (std::size_t i = 0; i < t.plain_count; ++i) box *= tile[t.plain[i]] * turns[t.plain[i]];
    for (std::size_t i = 0; i < t.strided_count; ++i) {
        const auto& axis = t.axes[t.strided[i]];
        std::int64_t length = (tile[axis.first] - 1) * axis.step + 1, most = tile[axis.first] * turns[axis.first];
        keeps = std::max(keeps, inner[axis.first]);
        if (axis.second != nest_axis::none) {
            length += (tile[axis.second] - 1) * axis.other_step;
            most = std::max(most, tile[axis.second] * turns[axis.second]);
            keeps = std::max(keeps, inner[axis.second]);
        }
        box *= std::max(length, most);
    }
    return std::max(box, visits / keeps * words);
}

/// The counts of `analyse`, or less, for whatever order the temporal loops of the levels have, but for the `ordered` outermost ones. Loops of further
/// dimensions, where the mapping lacks some, only add to them.
/// @pre no output has windows
/// @param whole   whether the mapping has all dimensions
/// @param ordered levels whose loops are in their order
constexpr void least_counts(const nest_problem& problem, std::span<const memory_level> levels, const nest_mapping& mapping, bool whole,
                            std::size_t ordered, nest_counts& out) noexcept {
    constexpr nest_extent ones{1, 1, 1, 1, 1, 1, 1, 1};
    const std::size_t n = levels.size(), tensors = problem.tensor_count;
    out.level_count = static_cast<std::uint8_t>(n);
    out.tensor_count = problem.tensor_count;
    std::array<nest_extent, most_nest_levels> tile;
    std::array<std::array<std::int64_t, most_nest_tensors>, most_nest_levels> children;
    nest_extent held = ones;
    for (std::size_t l = n; l-- > 0;) {
        const auto& loops = mapping.levels[l];
        for (std::size_t t = 0; t < tensors; ++t) {
            const auto& tensor = problem.tensors[t];
            children[l][t] = 1;
            if (tensor.windows && loops.spatial_count > 0) children[l][t] = distinct_children(tensor, loops, held);
            else
                for (std::size_t i = 0; i < loops.spatial_count; ++i)
                    if ((tensor.dims >> loops.spatial[i].dim & 1U) != 0) children[l][t] *= loops.spatial[i].bound;
        }
        for (std::size_t i = 0; i < loops.spatial_count; ++i) held[loops.spatial[i].dim] *= loops.spatial[i].bound;
        for (std::size_t i = 0; i < loops.temporal_count; ++i) held[loops.temporal[i].dim] *= loops.temporal[i].bound;
        tile[l] = held;
    }
    nest_extent turns = ones, inner = ones;
    std::int64_t all = 1;
    std::array<std::int64_t, most_nest_tensors> visits{1, 1, 1, 1}, changes{1, 1, 1, 1}, copies{1, 1, 1, 1};
    std::array<tensor_counts*, most_nest_tensors> keeper{};
    const auto move = [&](std::size_t t, std::int64_t words) {
        if (keeper[t] == nullptr) return;
        auto& from = *keeper[t];
        if (problem.tensors[t].output) {
            from.updates = words * copies[t];
            from.reads = from.updates - from.partition;
        } else from.reads = words * copies[t];
    };
    out.multipliers = 1;
    for (std::size_t l = 0; l < n; ++l) {
        const auto& loops = mapping.levels[l];
        out.instances[l] = out.multipliers;
        for (std::size_t t = 0; t < tensors; ++t) {
            auto& here = out.at[l][t];
            here = {};
            if ((levels[l].keeps & loops.keeps & 1U << t) == 0) continue;
            const auto& tensor = problem.tensors[t];
            here.tile = words_of(tensor, tile[l]);
            if (!tensor.windows) here.partition = here.tile * changes[t];
            const auto words = least_words_into(tensor, tile[l], here.tile, visits[t], turns, inner);
            if (keeper[t] != nullptr) {
                here.fills = tensor.output ? words - here.partition : words;
                here.drains = tensor.output ? here.partition : 0;
            }
            move(t, words);
            keeper[t] = &here;
            copies[t] = 1;
        }
        // All loops around a level that changes the tensor count, and of its own at least those that do.
        std::array<std::int64_t, most_nest_tensors> own{1, 1, 1, 1};
        const auto before = all;
        if (loops.temporal_count > 0) inner = ones;
        for (std::size_t i = 0; i < loops.temporal_count; ++i) {
            const auto [dim, bound] = loops.temporal[i];
            all *= bound;
            turns[dim] *= bound;
            inner[dim] *= bound;
            for (std::size_t t = 0; t < tensors; ++t)
                if ((problem.tensors[t].dims >> dim & 1U) != 0) {
                    own[t] *= bound;
                    if (l < ordered && bound > 1) visits[t] = all;
                }
        }
        for (std::size_t t = 0; t < tensors; ++t) {
            if (l >= ordered && own[t] > 1) visits[t] = before * own[t];
            changes[t] *= own[t];
            copies[t] *= children[l][t];
        }
        for (std::size_t i = 0; i < loops.spatial_count; ++i) out.multipliers *= loops.spatial[i].bound;
    }
    std::int64_t multipliers = 1;
    for (const auto& level : levels) multipliers *= level.fan_out_x * level.fan_out_y;
    out.steps = std::max(all, (problem.iterations() + multipliers - 1) / multipliers);
    // Loops that are not there yet may be spread below the innermost level.
    const bool latched = n > 0 && (mapping.levels[n - 1].spatial_count > 0 || (!whole && levels[n - 1].fan_out_x * levels[n - 1].fan_out_y > 1));
    for (std::size_t t = 0; t < tensors; ++t) move(t, latched ? visits[t] : all);
}

} // namespace verdant::hardware::detail
