#pragma once

#include <verdant/carbon/footprint.hpp>
#include <verdant/carbon/life.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimate.hpp>
#include <verdant/hardware/throughput.hpp>
#include <verdant/meta/defined_once.hpp>

namespace verdant {

/// What the hardware model says of a network on an accelerator.
using hardware_costs = metrics<latency, energy, lifetime_energy, area, tops, embodied_carbon, operational_carbon, total_carbon>;

/// The record of one estimate.
/// @tparam Area which L2 the area counts: `hardware::published` or `hardware::live`
/// @param cost  of one inference on `a`
/// @throws input_error as `carbon::footprint_of`
template <hardware::area_policy Area = hardware::published>
[[nodiscard]] hardware_costs hardware_costs_of(const hardware::estimate& cost, const hardware::accelerator& a, const carbon::life& life) {
    const auto die = hardware::area<Area>(a);
    const auto whole = carbon::footprint_of(die, cost.energy, life);
    return {cost.latency, cost.energy, whole.lifetime_energy, die, hardware::tops(a), whole.embodied(), whole.total - whole.embodied(), whole.total};
}
VERDANT_DEFINED_ONCE(hardware_costs hardware_costs_of<hardware::published>(const hardware::estimate&, const hardware::accelerator&,
                                                                           const carbon::life&));
VERDANT_DEFINED_ONCE(hardware_costs hardware_costs_of<hardware::live>(const hardware::estimate&, const hardware::accelerator&, const carbon::life&));

} // namespace verdant
