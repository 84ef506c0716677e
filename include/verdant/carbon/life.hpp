#pragma once

#include <verdant/carbon/act_tables.hpp>
#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/units.hpp>

namespace verdant::carbon {

/// What a total footprint assumes. Defaults: the published CLIP search (docs/estimator.md 7.3).
struct life {
    carbon::fab fab{};
    dram memory = dram::lpddr3_20nm; ///< made at ACT's yield, whatever that of the fab
    double memory_gigabytes = 1.0;
    si::carbon_intensity grid = british_columbia; ///< of use
    /// Over the whole life. The original calls this three years of continuous use; it does not depend on the latency.
    double inferences = 3e7;
};

} // namespace verdant::carbon
