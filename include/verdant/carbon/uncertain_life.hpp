#pragma once

#include <verdant/carbon/act_tables.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/life.hpp>
#include <verdant/uncertainty/quantity_algebra.hpp>
#include <verdant/uncertainty/uncertain.hpp>
#include <verdant/units.hpp>

#include <cstddef>

/// What a footprint assumes, where it is not known exactly.
namespace verdant::carbon {

/// The electricity that fabrication takes for an area of die: ACT's EPA.
using energy_per_area = uncertainty::quotient_quantity<si::energy, si::area>;

/// The inputs of a footprint, each known or with a distribution of its own. Made from a `life` all are known, so that `uncertain_footprint` gives
/// what `footprint_of` gives; members are then set to what is known of them:
///
///     uncertain_life l{life{}};
///     l.grid = uncertainty::lognormal{68.0 * grams_per_kilowatt_hour{}, 0.3};
///
/// Published spans of the first five: CarbonSet (arXiv 2506.10373), CarbonClarity (arXiv 2507.01145), and ACT's own tables for other abatements and
/// editions.
struct uncertain_life {
    uncertainty::uncertain<si::carbon_intensity> fab_intensity; ///< of the electricity of the fab
    uncertainty::uncertain<energy_per_area> fab_energy; ///< electricity for an area of die
    uncertainty::uncertain<si::carbon_per_area> gases; ///< emitted for an area of die: GPA
    uncertainty::uncertain<si::carbon_per_area> materials; ///< procured for an area of die: MPA
    uncertainty::uncertain<double> yield; ///< in (0, 1]
    uncertainty::uncertain<si::mass> memory; ///< of making the DRAM
    uncertainty::uncertain<si::carbon_intensity> grid; ///< of use
    uncertainty::uncertain<double> inferences; ///< over the whole life

    /// All inputs as they are known. @throws input_error as `footprint_of`
    explicit uncertain_life(const life& known)
        : fab_intensity{known.fab.intensity},
          fab_energy{from_si<energy_per_area>(process(known).kilowatt_hours_per_square_centimetre * 3.6e6 / 1e-4)},
          gases{abated(known) * grams_per_square_centimetre{}},
          materials{process(known).mpa_grams_per_square_centimetre * grams_per_square_centimetre{}}, yield{known.fab.yield},
          memory{embodied(known.memory, known.memory_gigabytes)}, grid{known.grid}, inferences{known.inferences} {}

private:
    [[nodiscard]] static const logic_process& process(const life& known) { return logic_processes[static_cast<std::size_t>(known.fab.node)]; }
    [[nodiscard]] static double abated(const life& known) {
        const auto& p = process(known);
        if (known.fab.abatement == abatement::gpa95) return p.gpa95_grams_per_square_centimetre;
        if (known.fab.abatement == abatement::gpa99) return p.gpa99_grams_per_square_centimetre;
        return (p.gpa95_grams_per_square_centimetre + p.gpa99_grams_per_square_centimetre) / 2;
    }
};

} // namespace verdant::carbon
