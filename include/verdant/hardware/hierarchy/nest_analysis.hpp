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
    std::int64_t partition = 0; ///< words that it ever holds, each counted once; 0 of inputs with windows, of which nothing follows from it
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
    if (!t.windows) {
        std::int64_t product = 1;
        for (std::size_t i = 0; i < level.spatial_count; ++i)
            if ((t.dims >> level.spatial[i].dim & 1U) != 0) product *= level.spatial[i].bound;
        return product;
    }
    nest_extent width{1, 1, 1, 1, 1, 1, 1, 1};
    for (std::size_t i = 0; i < level.spatial_count; ++i) width[level.spatial[i].dim] *= level.spatial[i].bound;
    std::int64_t out = 1;
    for (std::size_t a = 0; a < t.axis_count; ++a) {
        const auto& axis = t.axes[a];
        const auto n = width[axis.first];
        if (axis.second == nest_axis::none || width[axis.second] == 1 || n == 1) {
            out *= axis.second == nest_axis::none ? n : n * width[axis.second];
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
    /// Steps of all loops, and of all but the innermost one and the one around it.
    std::int64_t all = 1, before_last = 1, before_outer = 1;
    /// Of each tensor: steps down to the innermost loop that changes its tile, and of those loops alone that change it.
    std::array<std::int64_t, most_nest_tensors> visits{1, 1, 1, 1}, changes{1, 1, 1, 1};
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
    if (!t.windows || above.last_stride == 0 || (t.dims >> above.last.dim & 1U) == 0) return above.visits[index] * words;
    const auto fresh = new_words(t, tile, words, above.last.dim, above.last_stride);
    if (fresh == words) return above.visits[index] * words;
    const auto sweep = words + std::int64_t{above.last.bound - 1} * fresh;
    if (!returns(t, above)) return above.before_last * sweep;
    // The tile that is met again is free; the step after it moves another way than the last, and Timeloop then forgets what it kept.
    return above.before_outer * (sweep + (above.outer.bound - 1) * (sweep - fresh));
}

} // namespace detail

/// The counts of a mapping that suits problem and levels (`mapping_fault.hpp` tells), written to counts that may have others before. Does not allocate.
/// @param levels outermost first, as many as the mapping has
constexpr void analyse(const nest_problem& problem, std::span<const memory_level> levels, const nest_mapping& mapping, nest_counts& out) noexcept {
    using extent = detail::nest_extent;
    const std::size_t n = levels.size(), tensors = problem.tensor_count;
    out.level_count = static_cast<std::uint8_t>(n);
    out.tensor_count = problem.tensor_count;
    // Inwards out: the iterations of each dimension that a level holds, how far a step of each loop jumps, and how many different children a level has.
    std::array<extent, most_nest_levels> tile;
    std::array<std::array<std::int64_t, most_level_loops>, most_nest_levels> stride;
    std::array<std::array<std::int64_t, most_nest_tensors>, most_nest_levels> children;
    extent held{1, 1, 1, 1, 1, 1, 1, 1};
    for (std::size_t l = n; l-- > 0;) {
        const auto& loops = mapping.levels[l];
        if (loops.spatial_count > 0)
            for (std::size_t t = 0; t < tensors; ++t) children[l][t] = detail::distinct_children(problem.tensors[t], loops, held);
        for (std::size_t i = 0; i < loops.spatial_count; ++i) held[loops.spatial[i].dim] *= loops.spatial[i].bound;
        for (std::size_t i = loops.temporal_count; i-- > 0;) {
            auto& iterations = held[loops.temporal[i].dim];
            stride[l][i] = iterations;
            iterations *= loops.temporal[i].bound;
        }
        tile[l] = held;
    }
    // Outwards in: the loops above each level.
    detail::loops_above above;
    std::array<tensor_counts*, most_nest_tensors> keeper{};
    std::array<std::int64_t, most_nest_tensors> copies{1, 1, 1, 1};
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
            if (tensor.output || !tensor.windows) here.partition = here.tile * above.changes[t];
            const auto words = detail::words_into(tensor, t, tile[l], here.tile, above);
            if (keeper[t] != nullptr) {
                here.fills = tensor.output ? words - here.partition : words;
                here.drains = tensor.output ? here.partition : 0;
            }
            move(t, words);
            keeper[t] = &here;
            copies[t] = 1;
        }
        for (std::size_t i = 0; i < loops.temporal_count; ++i) {
            const auto loop = loops.temporal[i];
            if (loop.bound == 1) continue;
            above.before_outer = above.before_last;
            above.before_last = above.all;
            above.all *= loop.bound;
            above.outer = above.last;
            above.outer_stride = above.last_stride;
            above.last = loop;
            above.last_stride = stride[l][i];
            for (std::size_t t = 0; t < tensors; ++t)
                if ((problem.tensors[t].dims >> loop.dim & 1U) != 0) {
                    above.visits[t] = above.all;
                    above.changes[t] *= loop.bound;
                }
        }
        for (std::size_t i = 0; i < loops.spatial_count; ++i) out.multipliers *= loops.spatial[i].bound;
        if (loops.spatial_count > 0)
            for (std::size_t t = 0; t < tensors; ++t) copies[t] *= children[l][t];
    }
    out.steps = above.all;
    // A multiplier asks anew for each iteration, but where the innermost level fans out: it holds its operands there as a level of one word would.
    const bool latched = n > 0 && mapping.levels[n - 1].spatial_count > 0;
    for (std::size_t t = 0; t < tensors; ++t) move(t, latched ? above.visits[t] : above.all);
}

/// The same as a value.
[[nodiscard]] constexpr nest_counts analyse(const nest_problem& problem, std::span<const memory_level> levels, const nest_mapping& mapping) noexcept {
    nest_counts out;
    analyse(problem, levels, mapping, out);
    return out;
}

} // namespace verdant::hardware
