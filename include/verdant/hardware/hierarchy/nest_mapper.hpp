#pragma once

#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/hierarchy/nest_search.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <span>

/// The search for a mapping on any hierarchy: all of them where they are few, else a local search and branch and bound from what it found. It says
/// whether the answer is proved.
namespace verdant::hardware {

/// The best mapping of a nest: of all that divide its bounds, in all orders, where these are at most `most_exhaustive`, less those whose tiles cannot
/// fit; else of a local search with restarts, and of branch and bound, which proves it where it comes to an end. Levels keep what they keep. The same
/// options give the same mapping.
/// @param levels outermost first
/// @throws infeasible_error where no mapping fits; input_error where the outermost level does not keep a tensor, and as `require_levels`,
/// `require_unit`, `require_problem` and `require_density`
template <class = instantiated_when_used>
[[nodiscard]] mapped_nest map_nest(const nest_problem& problem, std::span<const memory_level> levels, const arithmetic_unit& unit,
                                   const nest_mapper_options& options = {}) {
    require_levels(levels);
    require_unit(unit);
    require_problem(problem);
    require_density(problem);
    return detail::mapping_search{problem, levels, unit, options}.run();
}
VERDANT_DEFINED_ONCE(mapped_nest map_nest<>(const nest_problem&, std::span<const memory_level>, const arithmetic_unit&, const nest_mapper_options&));

} // namespace verdant::hardware
