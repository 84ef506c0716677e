#pragma once

#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>

/// Which words move where when a nest runs on a hierarchy: closed form, the same function for fixed mappings in constant expressions and for those of a search.
///
/// The rules are those of Timeloop's nest analysis (Parashar et al., ISPASS 2019, section V; NVlabs/timeloop, `src/loop-analysis/`), as its statistics show them: a tile stays
/// while loops above it that do not change it run innermost; only the innermost loop above a tile may keep a part of it (a sliding window); siblings get words together only
/// where they need exactly the same, level by level; the first visit of a partial sum reads nothing; draining a finished sum counts at its receiver only.
namespace verdant::hardware {

/// What one instance of a level does with one tensor.
struct tensor_counts {
    std::int64_t tile = 0; ///< words that it holds at a time
    std::int64_t partition = 0; ///< words that it ever holds, each counted once; of windows the box around them, a bound from above
    std::int64_t reads = 0; ///< words read from it: operands, and partial sums that are reduced further
    std::int64_t fills = 0; ///< words that come from outside, partial sums that return among them
    std::int64_t updates = 0; ///< words that come from inside: results and partial sums
    std::int64_t drains = 0; ///< finished sums that go outwards: they take bandwidth, but no energy, as in Timeloop
    friend constexpr bool operator==(const tensor_counts&, const tensor_counts&) = default;
};

/// What all levels do, outermost first.
struct nest_counts {
    std::array<std::array<tensor_counts, most_nest_tensors>, most_nest_levels> at{};
    /// Instances of each level that work.
    std::array<std::int64_t, most_nest_levels> instances{};
    /// Multipliers that work, and how many iterations each has: the product of all temporal factors, fewer than which no cycles can be.
    std::int64_t multipliers = 1, steps = 1;
    std::uint8_t level_count = 0, tensor_count = 0;
};

namespace detail {

using nest_extent = std::array<std::int64_t, most_nest_dims>;

/// Different words that the children of a level need, in tiles of one child: children with the same offsets are served at once.
[[nodiscard]] constexpr std::int64_t distinct_children(const nest_tensor& t, const hardware::level_loops& level, const nest_extent& inside) noexcept {
    if (level.spatial_count == 0) return 1;
    nest_extent width{1, 1, 1, 1, 1, 1, 1, 1};
    std::uint32_t moved = 0;
    for (std::size_t i = 0; i < level.spatial_count; ++i) {
        width[level.spatial[i].dim] *= level.spatial[i].bound;
        moved |= 1U << level.spatial[i].dim;
    }
    if ((moved & t.dims) == 0) return 1;
    std::int64_t out = 1;
    for (std::size_t a = 0; a < t.axis_count; ++a) {
        const auto& axis = t.axes[a];
        const auto n = width[axis.first];
        if (axis.second == nest_axis::none || width[axis.second] == 1) {
            out *= n;
            continue;
        }
        // Offsets x i + y j: the pairs (i, j) and (i + y/g, j - x/g) coincide, g the greatest common divisor.
        const auto m = width[axis.second];
        const auto x = axis.step * inside[axis.first], y = axis.other_step * inside[axis.second], g = std::gcd(x, y);
        const auto over = n - y / g, under = m - x / g;
        out *= n * m - (over > 0 && under > 0 ? over * under : 0);
    }
    return out;
}

/// Words of a tile that are new after one step of the loop just above it. @param stride iterations of that dimension that a step jumps
[[nodiscard]] constexpr std::int64_t new_words(const nest_tensor& t, const nest_extent& tile, std::int64_t words, std::uint8_t dim,
                                               std::int64_t stride) noexcept {
    std::int64_t kept = 1;
    for (std::size_t a = 0; a < t.axis_count; ++a) {
        const auto& axis = t.axes[a];
        std::int64_t length = (tile[axis.first] - 1) * axis.step + 1;
        if (axis.second != nest_axis::none) length += (tile[axis.second] - 1) * axis.other_step;
        if (axis.first == dim) length -= stride * axis.step;
        else if (axis.second == dim) length -= stride * axis.other_step;
        if (length <= 0) return words;
        kept *= length;
    }
    return words - kept;
}

/// The temporal loops above a point of the nest, as far as counts of tiles need them.
struct loops_above {
    std::int64_t all = 1;
    std::array<std::int64_t, most_nest_tensors> visits{1, 1, 1, 1};
    /// The innermost loop and the one around it, with the iterations of their dimensions that a step jumps; 0 where there is none.
    hardware::nest_loop last{}, outer{};
    std::int64_t last_stride = 0, outer_stride = 0;
};

/// Whether a step of the loop around the innermost one gives the tile that was there last: a window that went down its kernel meets the next output row.
[[nodiscard]] constexpr bool returns(const nest_tensor& t, const loops_above& above) noexcept {
    if (above.outer_stride == 0 || above.outer.dim == above.last.dim) return false;
    for (std::size_t a = 0; a < t.axis_count; ++a) {
        const auto& axis = t.axes[a];
        const bool forward = axis.first == above.outer.dim && axis.second == above.last.dim;
        if (!forward && (axis.second != above.outer.dim || axis.first != above.last.dim)) continue;
        const auto step = forward ? axis.step : axis.other_step, inner_step = forward ? axis.other_step : axis.step;
        return step * above.outer_stride == inner_step * above.last_stride * (above.last.bound - 1);
    }
    return false;
}

/// Words that go into a tile in all: visits of it, less what a sliding window keeps.
[[nodiscard]] constexpr std::int64_t words_into(const nest_tensor& t, std::size_t index, const nest_extent& tile, std::int64_t words,
                                                const loops_above& above) noexcept {
    const auto visits = above.visits[index];
    if (t.output || above.last_stride == 0 || (t.dims >> above.last.dim & 1U) == 0) return visits * words;
    const auto fresh = new_words(t, tile, words, above.last.dim, above.last_stride);
    const auto sweep = words + (above.last.bound - 1) * fresh;
    if (fresh == words || !returns(t, above)) return visits / above.last.bound * sweep;
    // The tile that is met again is free; the step after it moves another way than the last, and Timeloop then forgets what it kept.
    return visits / above.last.bound / above.outer.bound * (sweep + (above.outer.bound - 1) * (sweep - fresh));
}

} // namespace detail

/// The counts of a mapping that suits problem and levels (`mapping_fault.hpp` tells). Does not allocate.
/// @param levels outermost first, as many as the mapping has
[[nodiscard]] constexpr nest_counts analyse(const nest_problem& problem, std::span<const memory_level> levels, const nest_mapping& mapping) noexcept {
    using extent = detail::nest_extent;
    nest_counts out;
    const std::size_t n = levels.size();
    out.level_count = static_cast<std::uint8_t>(n);
    out.tensor_count = problem.tensor_count;
    // Iterations of each dimension below the temporal loops of a level and above its spatial ones; below the latter; the whole tile.
    std::array<extent, most_nest_levels + 1> tile{};
    std::array<extent, most_nest_levels> child{};
    tile[n] = {1, 1, 1, 1, 1, 1, 1, 1};
    for (std::size_t l = n; l-- > 0;) {
        const auto& loops = mapping.levels[l];
        child[l] = tile[l] = tile[l + 1];
        for (std::size_t i = 0; i < loops.spatial_count; ++i) tile[l][loops.spatial[i].dim] *= loops.spatial[i].bound;
        for (std::size_t i = 0; i < loops.temporal_count; ++i) tile[l][loops.temporal[i].dim] *= loops.temporal[i].bound;
    }
    detail::loops_above above;
    extent repeats{1, 1, 1, 1, 1, 1, 1, 1};
    // Of each tensor: the innermost level that keeps it so far, and the different children between that and here.
    std::array<std::uint8_t, most_nest_tensors> keeper{};
    std::array<std::int64_t, most_nest_tensors> copies{1, 1, 1, 1};
    std::array<bool, most_nest_tensors> kept{};
    const auto move = [&](std::size_t t, std::int64_t words) {
        if (!kept[t]) return;
        auto& from = out.at[keeper[t]][t];
        if (problem.tensors[t].output) {
            from.updates = words * copies[t];
            from.reads = from.updates - from.partition;
        } else from.reads = words * copies[t];
    };
    for (std::size_t l = 0; l < n; ++l) {
        const auto& loops = mapping.levels[l];
        out.instances[l] = out.multipliers;
        for (std::size_t t = 0; t < problem.tensor_count; ++t) {
            if ((levels[l].keeps & loops.keeps & 1U << t) == 0) continue;
            const auto& tensor = problem.tensors[t];
            auto& here = out.at[l][t];
            here.tile = words_of(tensor, tile[l]);
            extent all = tile[l];
            for (std::size_t d = 0; d < problem.dim_count; ++d) all[d] *= repeats[d];
            here.partition = words_of(tensor, all);
            const auto words = detail::words_into(tensor, t, tile[l], here.tile, above);
            if (kept[t]) {
                here.fills = tensor.output ? words - here.partition : words;
                here.drains = tensor.output ? here.partition : 0;
            }
            move(t, words);
            kept[t] = true;
            keeper[t] = static_cast<std::uint8_t>(l);
            copies[t] = 1;
        }
        extent inside = tile[l];
        for (std::size_t i = 0; i < loops.temporal_count; ++i) {
            const auto loop = loops.temporal[i];
            inside[loop.dim] /= loop.bound;
            if (loop.bound == 1) continue;
            above.all *= loop.bound;
            repeats[loop.dim] *= loop.bound;
            above.outer = above.last;
            above.outer_stride = above.last_stride;
            above.last = loop;
            above.last_stride = inside[loop.dim];
            for (std::size_t t = 0; t < problem.tensor_count; ++t)
                if ((problem.tensors[t].dims >> loop.dim & 1U) != 0) above.visits[t] = above.all;
        }
        for (std::size_t i = 0; i < loops.spatial_count; ++i) out.multipliers *= loops.spatial[i].bound;
        for (std::size_t t = 0; t < problem.tensor_count; ++t) copies[t] *= detail::distinct_children(problem.tensors[t], loops, child[l]);
    }
    out.steps = above.all;
    // A multiplier asks anew for each iteration, but where the innermost level fans out: it holds its operands there as a level of one word would.
    const bool latched = n > 0 && mapping.levels[n - 1].spatial_count > 0;
    for (std::size_t t = 0; t < problem.tensor_count; ++t) move(t, latched ? above.visits[t] : above.all);
    return out;
}

} // namespace verdant::hardware
