#pragma once

#include <verdant/numeric/natural.hpp>
#include <verdant/space/validity.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace verdant {

namespace detail {

template <class S>
[[nodiscard]] consteval std::size_t cardinality_limbs() {
    std::size_t bits = 0;
    for (std::size_t p = 0; p < parameter_count<S>; ++p) bits += static_cast<std::size_t>(std::bit_width(view_of<S>.domain_size(p)));
    return bits / 32 + 2;
}

template <class S>
[[nodiscard]] consteval auto count_points() {
    natural<cardinality_limbs<S>()> product{1};
    for (std::size_t p = 0; p < parameter_count<S>; ++p) product *= static_cast<std::uint32_t>(view_of<S>.domain_size(p));
    return product;
}

} // namespace detail

/// The exact number of combinations of values, constraints and conditions not counted: `cardinality<S> > 1e6`.
/// `count_feasible` counts the feasible ones.
template <search_space S>
inline constexpr auto cardinality = detail::sound<S>::value ? detail::count_points<S>() : 0;

} // namespace verdant
