#pragma once

#include <verdant/carbon/operational.hpp>
#include <verdant/error.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

#include <cmath>

namespace verdant::collection {

/// What trainings and measurements of a collection have used.
struct collection_footprint {
    si::time busy{};
    si::energy used{};
    si::mass emitted{};
};

/// Energy and carbon of machines that were busy for some time: power times time, and that times the intensity of the grid. Accel-NASBench counts so,
/// with 1.5 kW for a node of four graphics cards and 0.71 kg CO2e/kWh (plots/ablations_plots/scatter_multiseed_eval.py).
/// @param busy  of all machines together, each of which takes `power`
/// @throws input_error if time, power or intensity is negative or no number
[[nodiscard]] inline collection_footprint footprint_of(si::time busy, si::power power, si::carbon_intensity grid) {
    const double seconds_busy = in<seconds>(busy), taken = in<watts>(power);
    if (!(seconds_busy >= 0 && std::isfinite(seconds_busy)))
        throw input_error{"footprint of a collection", "time", "0 s or more", exact_text(seconds_busy)};
    if (!(taken >= 0 && std::isfinite(taken))) throw input_error{"footprint of a collection", "power", "0 W or more", exact_text(taken)};
    const si::energy used = power * busy;
    return {busy, used, carbon::operational(used, grid)};
}

} // namespace verdant::collection
