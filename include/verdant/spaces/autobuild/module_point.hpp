#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/spaces/reduced/space_units.hpp>

#include <cstddef>
#include <string>

/// Modules of the units of OFA-MobileNetV3 and OFA-ProxylessNAS, between AutoBuild's lists of blocks and points.
namespace verdant::spaces {

/// The values that a point has where a unit is this module; those of other units do not matter.
/// @param unit   from 0
/// @param blocks of the unit; for the last unit of ProxylessNAS a second list with the one block of its last stage
/// @throws input_error for blocks or numbers of them that the unit does not have
template <mbconv_space S>
[[nodiscard]] point<S> module_point(std::size_t unit, const mbconv_units& blocks) {
    constexpr auto family = mbconv_family_of<S>;
    constexpr auto units = units_of<S>.size();
    const auto lists = unit + 1 == units ? unit_count(family) - unit : 1;
    if (unit >= units || blocks.size() != lists)
        throw input_error{"module", "unit " + std::to_string(unit + 1),
                          unit >= units ? "a unit up to " + std::to_string(units) : std::to_string(lists) + " lists of blocks",
                          std::to_string(blocks.size())};
    mbconv_config config{family, static_cast<int>(S::images::value(0)), {}};
    for (std::size_t u = 0; u < unit_count(family); ++u) config.units.emplace_back(blocks_of_unit(family, u).first);
    for (std::size_t l = 0; l < lists; ++l) config.units[unit + l] = blocks[l];
    return point_of<S>(config);
}

/// The blocks of a unit of a point: one list, or two for the last unit of ProxylessNAS. @param unit from 0
/// @throws input_error for a unit that is not there
template <mbconv_space S>
[[nodiscard]] mbconv_units module_blocks(std::size_t unit, const point<S>& p) {
    if (unit >= units_of<S>.size())
        throw input_error{"module", "unit " + std::to_string(unit + 1), "a unit up to " + std::to_string(units_of<S>.size()), "none"};
    const auto config = config_of(p);
    const auto first = config.units.begin() + static_cast<std::ptrdiff_t>(unit);
    return {first, unit + 1 == units_of<S>.size() ? config.units.end() : first + 1};
}

} // namespace verdant::spaces
