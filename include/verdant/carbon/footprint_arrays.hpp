#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/footprint.hpp>
#include <verdant/carbon/life.hpp>
#include <verdant/carbon/operational.hpp>
#include <verdant/meta/component/arrays.hpp>
#include <verdant/units.hpp>

#include <xtensor/xexpression.hpp>
#include <xtensor/xmath.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

/// Footprints of many designs at once, as expressions of xtensor.
namespace verdant::carbon {

/// An array or an expression of xtensor that holds doubles.
template <class E>
concept number_array = xt::is_xexpression<std::remove_cvref_t<E>>::value && std::same_as<typename std::remove_cvref_t<E>::value_type, double>;

// Lazy, and of the shape that their arguments broadcast to. As everywhere in xtensor, named arguments are referred to and must outlive the result.

/// Embodied carbon of dies in kg CO2e: `embodied(die, f)` of each.
/// @param areas in square metres, for example `hardware::sweep::area`
/// @throws input_error if the yield is not in (0, 1]
template <number_array Areas>
[[nodiscard]] auto embodied(Areas&& areas, const fab& f = {}) {
    return std::forward<Areas>(areas) * to_si(embodied_per_area(f));
}

/// Carbon of using so much energy in kg CO2e: `operational(used, grid)` of each.
/// @param energies in joules
/// @throws input_error if the intensity is negative or no number
template <number_array Energies>
[[nodiscard]] auto operational(Energies&& energies, si::carbon_intensity grid = british_columbia) {
    verdant::carbon::detail::require_not_negative("carbon intensity in g CO2e/kWh", in<grams_per_kilowatt_hour>(grid));
    return std::forward<Energies>(energies) * to_si(grid);
}

/// The same on several grids at once. @param intensities kg CO2e per joule, in a shape that broadcasts with that of the energies
template <number_array Energies, number_array Intensities>
[[nodiscard]] auto operational(Energies&& energies, Intensities&& intensities) {
    return std::forward<Energies>(energies) * std::forward<Intensities>(intensities);
}

/// Carbon over devices' lives in kg CO2e: `footprint_of(die, per_inference, l).total` of each.
/// @param areas    in square metres
/// @param energies of one inference, in joules
/// @throws input_error as `footprint_of`
template <number_array Areas, number_array Energies>
[[nodiscard]] auto total(Areas&& areas, Energies&& energies, const life& l = {}) {
    verdant::carbon::detail::require_amount("inferences", l.inferences);
    // Numbers enter an expression as values, never by name: named ones would be referred to, and are gone when it is evaluated.
    return operational(std::forward<Energies>(energies), l.grid) * double{l.inferences} +
           (embodied(std::forward<Areas>(areas), l.fab) + to_si(embodied(l.memory, l.memory_gigabytes)));
}

} // namespace verdant::carbon
