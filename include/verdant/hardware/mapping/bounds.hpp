#pragma once

#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/target.hpp>

#include <algorithm>

/// Lower bounds of the cycles and the energy of any mapping.
namespace verdant::hardware {

/// No mapping takes fewer cycles: no more than all PEs work in each, and each tensor crosses the ports of DRAM and global buffer at least once
/// (docs/estimator.md 4.6).
[[nodiscard]] constexpr double minimum_cycles(const loop_bounds& b, const mapping_target& t) noexcept {
    const auto read = static_cast<double>(input_words(b)) + static_cast<double>(weight_words(b));
    const auto written = static_cast<double>(output_words(b));
    const double narrowest = std::min(t.dram_bandwidth, t.glb_bandwidth);
    return std::max({static_cast<double>(macs(b)) / t.elements(), read / narrowest, written / narrowest});
}

/// No mapping takes less energy, in pJ: every multiply-accumulate, with one register access each (docs/estimator.md 4.6).
[[nodiscard]] constexpr double minimum_energy(const loop_bounds& b, const mapping_target& t) noexcept {
    return static_cast<double>(macs(b)) * t.mac_energy + static_cast<double>(macs(b)) * t.register_energy;
}

} // namespace verdant::hardware
