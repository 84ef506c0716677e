#pragma once

#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/life.hpp>
#include <verdant/carbon/operational.hpp>
#include <verdant/units.hpp>

/// The total footprint of a chip: embodied carbon and what its use emits over its life.
namespace verdant::carbon {

/// Carbon and energy over a chip's life. The full embodied carbon is charged, without amortisation.
struct footprint {
    si::mass embodied_chip{};
    si::mass embodied_dram{};
    si::mass operational_per_inference{};
    si::mass total{};
    si::energy lifetime_energy{};

    [[nodiscard]] constexpr si::mass embodied() const { return embodied_chip + embodied_dram; }
};

/// Total footprint: operational carbon of all inferences, and embodied carbon of die and DRAM (docs/estimator.md 7.3).
/// @param die           area of the chip
/// @param per_inference energy of one inference
/// @throws input_error if the yield is not in (0, 1], memory or inferences are negative or not finite, or area, energy or an intensity is negative or
/// no number
[[nodiscard]] constexpr footprint footprint_of(si::area die, si::energy per_inference, const life& l = {}) {
    verdant::carbon::detail::require_amount("inferences", l.inferences);
    footprint f;
    f.embodied_chip = carbon::embodied(die, l.fab);
    f.embodied_dram = carbon::embodied(l.memory, l.memory_gigabytes);
    f.operational_per_inference = operational(per_inference, l.grid);
    f.total = f.operational_per_inference * l.inferences + f.embodied();
    f.lifetime_energy = per_inference * l.inferences;
    return f;
}

} // namespace verdant::carbon
