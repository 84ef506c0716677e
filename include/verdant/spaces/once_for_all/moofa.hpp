#pragma once

#include <verdant/spaces/once_for_all/constant_memory.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

namespace verdant::spaces {

/// The memory-optimised family: narrow where maps are large, wide where they are small, so that all stages need about the same memory
/// (memory-optimized-once-for-all, ofa_mbv3_ct_v3.py). Every stage halves the resolution.
[[nodiscard]] constexpr mobile_family constant_memory_family(const memory_reference& r = {}, int classes = 1000, int depth = 4) {
    const auto w = constant_memory_widths(r);
    using enum nonlinearity;
    return {.first_conv = 3,
            .first_block = 8,
            .stages = {{{r.width, 2, h_swish, false, depth},
                        {w[0], 2, h_swish, true, depth},
                        {w[1], 2, h_swish, true, depth},
                        {w[2], 2, relu, false, depth},
                        {w[3], 2, h_swish, true, depth}}},
            .stage_count = 5,
            .final_expand = w[4],
            .feature_mix = w[5],
            .classes = classes};
}

/// MOOFA, configuration 1 of its ablation.
struct moofa_v1 : once_for_all<constant_memory_family(), published_images, published_kernels, choices<3, 4, 6>, published_depths> {};
/// Configuration 2.
struct moofa_v2 : once_for_all<constant_memory_family(), published_images, published_kernels, choices<1.0, 1.5, 2.0>, published_depths> {};
/// Configuration 3: the MOOFA of the published results.
struct moofa_v3 : once_for_all<constant_memory_family(), published_images, published_kernels, choices<2, 3, 4>, published_depths> {};

} // namespace verdant::spaces
