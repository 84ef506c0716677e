#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/units.hpp>

namespace verdant::carbon {

/// Carbon of using so much energy.
/// @param grid default: British Columbia, 68 g/kWh, with which the published CLIP search computes
/// @throws input_error if energy or intensity are negative or no number
[[nodiscard]] constexpr si::mass operational(si::energy used, si::carbon_intensity grid = british_columbia) {
    verdant::carbon::detail::require_not_negative("energy in joules", in<joules>(used));
    verdant::carbon::detail::require_not_negative("carbon intensity in g CO2e/kWh", in<grams_per_kilowatt_hour>(grid));
    return used * grid;
}

} // namespace verdant::carbon
