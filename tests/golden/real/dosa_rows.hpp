#pragma once

// Rows of the data sets of DOSA: a mapping on Gemmini's hierarchy, its parameters and its layer.

#include "golden/golden.hpp"

#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace dosa {

namespace hw = verdant::hardware;

struct row {
    hw::nest_problem problem;
    hw::conv_sizes sizes;
    hw::nest_mapping mapping;
    std::array<hw::memory_level, 4> levels;
};

inline row read(const golden::row& r) {
    const auto whole = [&](const char* key) { return static_cast<std::int64_t>(std::stoll(r.at(key))); };
    const auto small = [&](const char* key) { return static_cast<std::int32_t>(std::stol(r.at(key))); };
    row out;
    out.sizes = {.batch = whole("prob.N"),
                 .out_channels = whole("prob.K"),
                 .in_channels = whole("prob.C"),
                 .rows = whole("prob.P"),
                 .columns = whole("prob.Q"),
                 .kernel_rows = whole("prob.R"),
                 .kernel_columns = whole("prob.S"),
                 .row_stride = small("prob.Wstride"),
                 .column_stride = small("prob.Hstride"),
                 .row_dilation = small("prob.Wdilation"),
                 .column_dilation = small("prob.Hdilation")};
    out.problem = hw::convolution(out.sizes);
    out.mapping = hw::parse_nest_mapping(r.at("mapping.mapping"), out.problem);
    // The rows say nothing of the outermost level: 8 words a cycle is what their cycles show where it is the bottleneck.
    out.levels[0] = {.name = "L3", .shared_bandwidth = 8};
    out.levels[1] = {.name = "L2", .shared_bandwidth = std::stod(r.at("arch.mem2_shared_bandwidth"))};
    out.levels[2] = {.name = "L1", .shared_bandwidth = std::stod(r.at("arch.mem1_shared_bandwidth"))};
    out.levels[3] = {.name = "L0"};
    return out;
}

} // namespace dosa
