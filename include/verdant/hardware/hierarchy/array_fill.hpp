#pragma once

#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

/// Whether a hierarchy can keep its whole array busy as systolic arrays with weights at rest do: output channels along columns, input channels along
/// rows.
namespace verdant::hardware {

/// The least product of matrices that gives each multiplier a weight of its own: one row, an inner number for each row of the array, a column for
/// each of its columns.
/// @param levels outermost first; both sides of the array are the products of their fan-outs
/// @throws input_error as `require_levels`
[[nodiscard]] constexpr nest_problem array_problem(std::span<const memory_level> levels) {
    require_levels(levels);
    std::int64_t columns = 1, rows = 1;
    for (const auto& l : levels) {
        columns *= l.fan_out_x;
        rows *= l.fan_out_y;
    }
    return matrix_product(1, rows, columns);
}

/// How it lies on the array: all loops are spatial, output channels along the columns and input channels along the rows of each level.
/// @pre there are at most `most_nest_levels`, and fan-outs fit 31 bits
[[nodiscard]] constexpr nest_mapping array_mapping(std::span<const memory_level> levels, const nest_problem& problem) {
    nest_mapping m;
    for (const auto& l : levels) {
        auto& loops = m.levels[m.level_count++];
        if (l.fan_out_x > 1) loops.add_spatial(problem.dim('K'), static_cast<std::int32_t>(l.fan_out_x));
        loops.first_y = loops.spatial_count;
        if (l.fan_out_y > 1) loops.add_spatial(problem.dim('C'), static_cast<std::int32_t>(l.fan_out_y));
    }
    return m;
}

/// The first level that cannot hold the tile: one weight for each multiplier inwards of it, an input for each row and a sum for each column, of the
/// operands that it keeps, twice where it buffers twice. `found` are the words of the tile, `limit` those of the level; the fault is `none` where all
/// levels hold theirs. A hierarchy that fails can still be busy where neighbours share weights, output positions being spread over columns, rows or
/// cores: this is a rule for arrays whose multipliers are to have work however few positions there are, such as products of a matrix with a vector.
/// @param levels outermost first, with at most 2^31 multipliers
/// @throws input_error as `require_levels`
[[nodiscard]] constexpr mapping_check check_array_fill(std::span<const memory_level> levels) {
    const auto problem = array_problem(levels);
    return check_mapping(problem, levels, array_mapping(levels, problem));
}

/// The largest share of a level's capacity that the tile takes, above 1 where `check_array_fill` finds a fault: what a search may constrain. Levels
/// that feed one multiplier, such as its registers, count only where they fail.
/// @param levels outermost first, with at most 2^31 multipliers
/// @throws input_error as `require_levels`
[[nodiscard]] constexpr double array_fill(std::span<const memory_level> levels) {
    const auto problem = array_problem(levels);
    double most = 0;
    std::array<std::int64_t, most_nest_dims> extent{1, 1, 1, 1, 1, 1, 1, 1};
    for (std::size_t l = levels.size(); l-- > 0;) {
        extent[problem.dim('K')] *= levels[l].fan_out_x;
        extent[problem.dim('C')] *= levels[l].fan_out_y;
        if (levels[l].capacity == memory_level::unlimited) continue;
        const auto words = static_cast<double>(words_held(problem, levels[l], ~0U, extent));
        const double share = words / static_cast<double>(levels[l].capacity);
        if (extent[problem.dim('K')] * extent[problem.dim('C')] > 1 || share > 1) most = std::max(most, share);
    }
    return most;
}

namespace detail {

/// A class of its own, so that a hierarchy that fails is still one and only the failure is reported.
template <class Hierarchy>
struct array_fill_check {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool is_hierarchy = memory_hierarchy<Hierarchy>;
    static_assert(is_hierarchy, "verdant: the argument of filled_array is no memory hierarchy; write filled_array<hierarchy<level<...>..., "
                                "multipliers<pJ>>>, or a struct derived from hierarchy<...>");
    static constexpr mapping_check check = [] {
        if constexpr (is_hierarchy) return check_array_fill(Hierarchy::levels);
        else return mapping_check{};
    }();
    static_assert(
        check.fault != mapping_fault::capacity,
        "verdant: this hierarchy cannot hold the tile that fills its array, one weight a multiplier; write a larger capacity, or fans_out of fewer "
        "columns and rows");
};

} // namespace detail

namespace detail {

/// Stands for what is not a hierarchy, once that has been reported.
using some_hierarchy = hierarchy<level<"DRAM">, level<"register", capacity<1>>, multipliers<0.5>>;

} // namespace detail

/// A hierarchy whose levels hold the tile that fills its array with weights; any other does not compile.
///
///     struct chip : filled_array<hierarchy<level<"DRAM">, level<"buffer", capacity<8192>, fans_out<32, 32>>, multipliers<0.5>>> {};
template <class Hierarchy = void>
struct filled_array : std::conditional_t<memory_hierarchy<Hierarchy>, Hierarchy, detail::some_hierarchy> {
    static_assert(detail::array_fill_check<Hierarchy>::value);
};

} // namespace verdant::hardware
