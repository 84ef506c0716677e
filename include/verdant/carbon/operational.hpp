#pragma once

#include <verdant/carbon/intensity.hpp>
#include <verdant/units.hpp>

namespace verdant::carbon {

/// Carbon of using so much energy.
/// @param grid default: British Columbia, 68 g/kWh, with which the published CLIP search computes
[[nodiscard]] constexpr si::mass operational(si::energy used, si::carbon_intensity grid = british_columbia) { return used * grid; }

} // namespace verdant::carbon
