#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/space/constraint_text.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/space/value_text.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdant {

namespace detail {

/// `nothing, since it exists only where attention == true`: what is expected as the value of a parameter that does not exist.
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::string absence_text(const space_view& space, std::size_t p) {
    return "nothing, since it exists only where " + basic_expression_text<Deferred>{space}(space.guard(p));
}
VERDANT_DEFINED_ONCE(std::string absence_text<>(const space_view&, std::size_t));

/// The first thing that keeps indices from being feasible; empty where nothing does.
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::string broken_text(const space_view& space, std::span<const std::uint32_t> indices) {
    for (std::size_t p = 0; p < space.size(); ++p)
        if (indices[p] != 0 && !space.active(p, indices))
            return std::string{space.name(p)} + '=' + value_text(space, p, indices[p]) + " only where " +
                   basic_expression_text<Deferred>{space}(space.guard(p));
    for (std::size_t c = 0; c < space.constraint_count(); ++c)
        if (!space.holds(c, indices)) return constraint_text<Deferred>(space, c);
    return {};
}
VERDANT_DEFINED_ONCE(std::string broken_text<>(const space_view&, std::span<const std::uint32_t>));

template <class = instantiated_when_used>
[[noreturn]] void refuse_infeasible(std::string_view source, std::string_view place, const std::string& point, const std::string& broken) {
    throw input_error{source, place, "a feasible point", point + ", which breaks " + broken};
}
VERDANT_DEFINED_ONCE(void refuse_infeasible<>(std::string_view, std::string_view, const std::string&, const std::string&));

} // namespace detail

/// The constraint that a point breaks, the first of several, as `constraint_text` has it: `width % heads == 0`. Where a parameter that does not exist
/// is not at its first value: `heads=8 only where attention == true`. Empty for a feasible point.
template <search_space S>
[[nodiscard]] std::string broken_constraint(const point<S>& p) {
    const std::vector<std::uint32_t> indices(p.indices().begin(), p.indices().end());
    return detail::broken_text(view_of<S>, indices);
}

/// Refuses a point that is not feasible.
/// @throws input_error that shows the point and the constraint that it breaks
/// @param source where it comes from: a file, an option, a session
/// @param place  where in it; may be empty
template <search_space S>
void require_feasible(const point<S>& p, std::string_view source, std::string_view place = {}) {
    if (!p.feasible()) detail::refuse_infeasible(source, place, to_string(p), broken_constraint(p));
}

} // namespace verdant
