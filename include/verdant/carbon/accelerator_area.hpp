#pragma once

#include <verdant/carbon/node_scaling.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/sram.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/units.hpp>

/// Accelerators in other processes than the 22 nm that their estimates are for.
namespace verdant::carbon {

/// The area of an accelerator by kind of circuit, at 22 nm: its L2s and global buffer are SRAM, its elements with their registers logic. Together
/// they are `hardware::area<Policy>(a)`; energies and times are left to the caller.
/// @throws input_error if `a` has no legal geometry
template <hardware::area_policy Policy = hardware::published>
[[nodiscard]] constexpr scaled_costs area_by_block(const hardware::accelerator& a) {
    const auto whole = hardware::area<Policy>(a);
    const double memories = a.tensor_cores * hardware::sram(Policy::tensor_l2(a)).area_square_micrometres +
                            a.vector_cores * hardware::sram(hardware::effective_l2(a.l2_bytes, a.vector_width, 1)).area_square_micrometres +
                            hardware::sram(a.glb_bytes).area_square_micrometres;
    scaled_costs costs;
    costs.sram_area = memories * square_micrometres{};
    costs.logic_area = whole - costs.sram_area;
    return costs;
}

/// The area of an accelerator in another process.
/// @throws input_error if `a` has no legal geometry, or the process is none of 28, 22, 14, 10 and 7 nm
template <hardware::area_policy Policy = hardware::published>
[[nodiscard]] constexpr si::area area_at(const hardware::accelerator& a, hardware::node n) {
    return rescaled(area_by_block<Policy>(a), n).area();
}

} // namespace verdant::carbon
