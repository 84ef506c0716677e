#include "fuzz.hpp"

#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>

#include <array>
#include <span>

// A mapping of a small convolution; one that suits it is analysed.
VERDANT_FUZZ_TARGET(nest_mapping) {
    namespace hw = verdant::hardware;
    const auto problem = hw::convolution({.out_channels = 16, .in_channels = 8, .rows = 8, .columns = 8, .kernel_rows = 3, .kernel_columns = 3});
    const auto mapping = hw::parse_nest_mapping(fuzz::text(data), problem);
    fuzz::require(mapping.level_count > 0, "a mapping has levels");
    std::array<hw::memory_level, hw::most_nest_levels> levels{};
    for (auto& l : levels) l.fan_out_x = l.fan_out_y = 16;
    const std::span used{levels.data(), mapping.level_count};
    hw::require_mapping(problem, used, mapping);
    const auto counts = hw::analyse(problem, used, mapping);
    fuzz::require(counts.steps * counts.multipliers == problem.iterations(), "no iteration is lost");
}
