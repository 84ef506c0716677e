#pragma once

#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/meta/refused_value.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>

/// Which words move where when a nest runs on a hierarchy: closed form, the same function for fixed mappings in constant expressions and for those of
/// a search.
///
/// The rules are those of Timeloop's nest analysis (Parashar et al., ISPASS 2019, section V; NVlabs/timeloop, `src/loop-analysis/`), as its
/// statistics show them: a tile stays while loops above it that do not change it run innermost; only the innermost loop above a tile may keep a part
/// of it (a sliding window); siblings get words together only where they need exactly the same, level by level; the first visit of a partial sum
/// reads nothing; draining a finished sum counts at its receiver only.
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

/// Different words that the children of a level need of a tensor with windows, in tiles of one child: children with the same offsets are served at
/// once.
[[nodiscard]] constexpr std::int64_t distinct_children(const nest_tensor& t, const hardware::level_loops& level, const nest_extent& inside) noexcept {
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

/// The temporal loops of a mapping that have more than one step, inner to outer.
struct turning_loops {
    static constexpr std::size_t most = most_nest_levels * most_level_loops, ahead = 8;
    std::size_t count = 0;
    /// Of each, and of the two that are not there: its dimension, its steps and the iterations that one of them jumps; 0 where there is no loop.
    std::array<std::int64_t, most + 2> stride, bound;
    std::array<std::uint8_t, most + 2> dim;
    /// Steps of each and all loops around it; 1 behind the last.
    std::array<std::int64_t, most + 1> steps;
    /// The tensors that each changes, as bits; all of them behind the last.
    std::array<std::uint8_t, most + ahead> changes;

    constexpr void finish() noexcept {
        for (std::size_t i = 0; i < 2; ++i) stride[count + i] = 0, bound[count + i] = 1, dim[count + i] = 0;
        for (std::size_t i = 0; i < ahead; ++i) changes[count + i] = 0xff;
        std::int64_t all = 1;
        steps[count] = 1;
        for (auto i = count; i-- > 0;) steps[i] = all *= bound[i];
    }
    /// Steps down to the innermost loop that changes a tensor, of those from a place on.
    [[nodiscard]] constexpr std::int64_t visits(std::size_t from, std::size_t tensor) const noexcept {
        if constexpr (std::endian::native == std::endian::little)
            if (!std::is_constant_evaluated())
                for (;; from += ahead) {
                    std::uint64_t eight = 0;
                    std::memcpy(&eight, changes.data() + from, ahead);
                    eight &= std::uint64_t{0x0101010101010101} << tensor;
                    if (eight != 0) return steps[from + static_cast<std::size_t>(std::countr_zero(eight)) / 8];
                }
        while ((changes[from] >> tensor & 1U) == 0) ++from;
        return steps[from];
    }
};

/// Words of a tile that are new after one step of the loop just above it.
[[nodiscard]] constexpr std::int64_t new_words(const nest_tensor& t, const nest_extent& tile, std::int64_t words, std::uint8_t dim,
                                               std::int64_t stride) noexcept {
    const auto jump = [&](std::uint8_t d) { return d == dim ? stride : 0; };
    std::int64_t kept = 1;
    bool meets = true;
    for (std::size_t i = 0; i < t.plain_count; ++i) {
        const auto length = tile[t.plain[i]] - jump(t.plain[i]);
        meets = meets && length > 0;
        kept *= length;
    }
    for (std::size_t i = 0; i < t.strided_count; ++i) {
        const auto& axis = t.axes[t.strided[i]];
        std::int64_t length = (tile[axis.first] - 1 - jump(axis.first)) * axis.step + 1;
        if (axis.second != nest_axis::none) length += (tile[axis.second] - 1 - jump(axis.second)) * axis.other_step;
        meets = meets && length > 0;
        kept *= length;
    }
    return meets ? words - kept : words;
}

/// Whether a step of the loop around the innermost one (`last`) gives the tile that was there last: a window that went down its kernel meets the next
/// output row.
[[nodiscard]] constexpr bool returns(const nest_tensor& t, const turning_loops& loops, std::size_t last) noexcept {
    const auto dim = loops.dim[last], outer = loops.dim[last + 1];
    if (loops.stride[last + 1] == 0 || outer == dim) return false;
    for (std::size_t i = 0; i < t.strided_count; ++i) {
        const auto& axis = t.axes[t.strided[i]];
        const bool forward = axis.first == outer && axis.second == dim;
        if (!forward && (axis.second != outer || axis.first != dim)) continue;
        const auto step = forward ? axis.step : axis.other_step, inner_step = forward ? axis.other_step : axis.step;
        return step * loops.stride[last + 1] == inner_step * loops.stride[last] * (loops.bound[last] - 1);
    }
    return false;
}

/// Words that go into a tile in all: visits of it, less what a sliding window keeps.
/// @param last the innermost loop above the tile
[[nodiscard]] constexpr std::int64_t words_into(const nest_tensor& t, const nest_extent& tile, std::int64_t words, const turning_loops& loops,
                                                std::size_t last, std::int64_t visits) noexcept {
    if (loops.stride[last] == 0 || (t.dims >> loops.dim[last] & 1U) == 0) return visits * words;
    const auto fresh = new_words(t, tile, words, loops.dim[last], loops.stride[last]);
    if (fresh == words) return visits * words;
    const auto sweep = words + (loops.bound[last] - 1) * fresh;
    if (!returns(t, loops, last)) return loops.steps[last + 1] * sweep;
    // The tile that is met again is free; the step after it moves another way than the last, and Timeloop then forgets what it kept.
    return loops.steps[last + 2] * (sweep + (loops.bound[last + 1] - 1) * (sweep - fresh));
}

/// Byte d has a 1 where bit d is set.
[[nodiscard]] constexpr std::uint64_t bytes_of_bits(std::uint32_t bits) noexcept {
    static_assert(most_nest_dims == 8);
    constexpr std::uint64_t each = 0x0101010101010101;
    return ((each * (bits & 0xffU) & 0x8040201008040201) + 0x7f * each) >> 7 & each;
}

/// A tensor that a level keeps: the loops above it begin at `last`; what is inside of it needs `copies` different words of its tiles; `spread`
/// multipliers below it do, where no axis of the tensor has a stride.
struct kept_tile {
    std::size_t last;
    std::int64_t copies, spread;
};

/// `analyse`, with the number of tensors or more of them, those beyond without a word: loops over so few are written out, so that what belongs to
/// each stays in registers.
template <std::size_t Tensors>
constexpr void analyse_tensors(const nest_problem& problem, std::span<const memory_level> levels, const nest_mapping& mapping,
                               nest_counts& out) noexcept {
    const auto each = [](auto&& f) {
        [&]<std::size_t... T>(std::index_sequence<T...>) { (f(std::integral_constant<std::size_t, T>{}), ...); }(std::make_index_sequence<Tensors>{});
    };
    // Searches spend their time here, each time with other loops. So each loop is looked at once, and what depends on its dimension is chosen by an
    // index: no processor predicts such branches.
    const std::size_t n = levels.size();
    const std::uint32_t there = (1U << problem.tensor_count) - 1; // tensors beyond are kept nowhere
    out.level_count = static_cast<std::uint8_t>(n);
    out.tensor_count = problem.tensor_count;
    std::uint64_t changed_by = 0; // byte d: the tensors whose words change with dimension d
    each([&](auto t) { changed_by |= bytes_of_bits(problem.tensors[t].dims) << t; });
    // Inwards out: the iterations of each dimension that a level holds, its loops, and the tiles that it keeps.
    turning_loops turning;
    std::array<std::array<kept_tile, Tensors>, most_nest_levels> kept;
    std::array<nest_extent, most_nest_levels> held_at; // where there are windows
    std::size_t loop_count = 0;
    nest_extent held{1, 1, 1, 1, 1, 1, 1, 1};
    // Of each tensor: steps of the temporal loops so far that change it, children between a tile and the one inside, and the product of these.
    static_assert(most_nest_tensors == 4);
    std::int64_t first = 1, second = 1, third = 1, fourth = 1;
    std::array<std::int64_t, most_nest_tensors> changes{1, 1, 1, 1}, copies{1, 1, 1, 1}, spread{1, 1, 1, 1};
    for (std::size_t l = n; l-- > 0;) {
        const auto& loops = mapping.levels[l];
        out.instances[l] = 1;
        if (loops.spatial_count > 0) {
            const auto inner = held;
            std::array<std::int64_t, most_nest_tensors> children{1, 1, 1, 1};
            std::uint32_t spread_dims = 0;
            for (std::size_t i = 0; i < loops.spatial_count; ++i) {
                const std::int64_t bound = loops.spatial[i].bound;
                const std::size_t dim = loops.spatial[i].dim;
                held[dim] *= bound;
                out.instances[l] *= bound; // of what it feeds; the products follow
                spread_dims |= 1U << dim;
                const auto now = changed_by >> 8 * dim;
                each([&](auto t) { children[t] *= (now >> t & 1U) != 0 ? bound : 1; });
            }
            each([&](auto t) {
                const auto& tensor = problem.tensors[t];
                if (tensor.windows && (tensor.dims & spread_dims) != 0) children[t] = distinct_children(tensor, loops, inner);
                copies[t] *= children[t];
                spread[t] *= children[t];
            });
        }
        for (std::size_t i = loops.temporal_count; i-- > 0;) {
            const std::int64_t bound = loops.temporal[i].bound;
            const std::size_t dim = loops.temporal[i].dim;
            if (bound == 1) continue;
            const auto iterations = held[dim];
            held[dim] = iterations * bound;
            turning.stride[loop_count] = iterations;
            turning.bound[loop_count] = bound;
            turning.dim[loop_count] = static_cast<std::uint8_t>(dim);
            const auto now = changed_by >> 8 * dim;
            turning.changes[loop_count] = static_cast<std::uint8_t>(now);
            ++loop_count;
            const std::array<std::int64_t, 2> factor{1, bound};
            first *= factor[now & 1];
            second *= factor[now >> 1 & 1];
            third *= factor[now >> 2 & 1];
            if constexpr (Tensors > 3) fourth *= factor[now >> 3 & 1];
        }
        changes = {first, second, third, fourth};
        each([&](auto t) {
            auto& counts = out.at[l][t];
            counts = {};
            if ((levels[l].keeps & loops.keeps & there & 1U << t) == 0) return;
            const auto& tensor = problem.tensors[t];
            if (tensor.windows && l > 0) held_at[l] = held; // no loop is above the outermost level
            counts.tile = tensor.strided_count == 0 ? changes[t] * spread[t] : words_of(tensor, held);
            auto& k = kept[l][t];
            k.last = loop_count;
            k.copies = copies[t];
            k.spread = spread[t];
            copies[t] = 1;
        });
    }
    turning.count = loop_count;
    turning.finish();
    out.steps = turning.steps[0];
    out.multipliers = 1;
    for (std::size_t l = 0; l < n; ++l) {
        const auto fed = out.instances[l];
        out.instances[l] = out.multipliers;
        out.multipliers *= fed;
    }
    // Outwards in: what moves between each tile and the one around it.
    std::array<tensor_counts*, Tensors> around{};
    std::array<std::int64_t, Tensors> copies_around{};
    const auto move = [&](auto t, std::int64_t words) {
        if (around[t] == nullptr) return;
        auto& from = *around[t];
        if (problem.tensors[t].output) {
            from.updates = words * copies_around[t];
            from.reads = from.updates - from.partition;
        } else from.reads = words * copies_around[t];
    };
    for (std::size_t l = 0; l < n; ++l) {
        const auto keeps = levels[l].keeps & mapping.levels[l].keeps & there;
        each([&](auto t) {
            if ((keeps >> t & 1U) == 0) return;
            const auto& k = kept[l][t];
            auto& here = out.at[l][t];
            const auto& tensor = problem.tensors[t];
            if (tensor.strided_count == 0) here.partition = changes[t] * k.spread;
            else if (tensor.output || !tensor.windows) {
                here.partition = here.tile;
                for (auto i = k.last; i < loop_count; ++i)
                    if ((tensor.dims >> turning.dim[i] & 1U) != 0) here.partition *= turning.bound[i];
            }
            const auto visits = turning.visits(k.last, t);
            const auto words = tensor.windows ? words_into(tensor, held_at[l], here.tile, turning, k.last, visits) : visits * here.tile;
            if (around[t] != nullptr) {
                here.fills = tensor.output ? words - here.partition : words;
                here.drains = tensor.output ? here.partition : 0;
                move(t, words);
            }
            around[t] = &here;
            copies_around[t] = k.copies;
        });
    }
    // A multiplier asks anew for each iteration, but where the innermost level fans out: it holds its operands there as a level of one word would.
    const bool latched = n > 0 && mapping.levels[n - 1].spatial_count > 0;
    each([&](auto t) { move(t, latched ? turning.visits(0, t) : out.steps); });
}

} // namespace detail

/// The counts of a mapping that suits problem and levels (`mapping_fault.hpp` tells), written to counts that may have others before. Does not
/// allocate.
/// @param levels outermost first, as many as the mapping has
constexpr void analyse(const nest_problem& problem, std::span<const memory_level> levels, const nest_mapping& mapping, nest_counts& out) noexcept {
    if (problem.tensor_count == 3) detail::analyse_tensors<3>(problem, levels, mapping, out);
    else detail::analyse_tensors<most_nest_tensors>(problem, levels, mapping, out);
}

/// The same as a value.
[[nodiscard]] constexpr nest_counts analyse(const nest_problem& problem, std::span<const memory_level> levels, const nest_mapping& mapping) noexcept {
    nest_counts out;
    analyse(problem, levels, mapping, out);
    return out;
}

/// Refused, with a sentence that says what to write.
template <class Wrong = void>
[[nodiscard]] nest_counts analyse(const nest_problem&, const nest_mapping&, std::span<const memory_level>) {
    static_assert(verdant::detail::fits<Wrong>, "verdant: analyse takes the levels before the mapping; write analyse(problem, levels, mapping)");
    return {};
}

} // namespace verdant::hardware
