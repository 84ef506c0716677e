#pragma once

#include <verdant/optimizer/separable/space_blocks.hpp>
#include <verdant/spaces/reduced/space_units.hpp>

#include <array>
#include <cstddef>

namespace verdant {

namespace detail {

template <class S>
[[nodiscard]] consteval auto unit_blocks() {
    std::array<parameter_block, units_of<S>.size()> blocks{};
    for (std::size_t u = 0; u < blocks.size(); ++u) blocks[u] = {units_of<S>[u].prefix, units_of<S>[u].further};
    return blocks;
}

} // namespace detail

/// The blocks of a space with units are its units, for exact searches: the stages of Once-for-all's.
template <search_space S>
    requires unit_space<S>
inline constexpr auto separable_blocks<S> = detail::unit_blocks<S>();

} // namespace verdant
