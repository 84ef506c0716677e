#pragma once

#include <verdant/hardware/accelerator.hpp>
#include <verdant/space/point.hpp>

namespace verdant::spaces {

/// The accelerators of CarbonNAAS: parameters 9 to 14 of the published search space (CATransformers, configurations.py; arXiv 2505.01386),
/// 3240 points in all.
/// `clusters` is the number of tensor cores and of vector cores; `l2_bandwidth` is in words per cycle.
struct accelerator : space<param<"clusters", choices<1, 2, 4>>,
                           param<"width", choices<32, 64, 128, 256>>,
                           param<"depth", choices<2, 4, 8, 16, 32, 64>>,
                           param<"l2_kib", choices<64, 128, 256, 512, 1024>>,
                           param<"l2_bandwidth", choices<32, 64, 128>>,
                           param<"glb_mib", choices<2, 4, 8>>> {};

/// The accelerator that a point stands for. Any space with these six parameters will do, for example `fix<accelerator, "width", 64>`.
template <search_space Space>
[[nodiscard]] constexpr hardware::accelerator accelerator_of(const point<Space>& p) {
    return hardware::from_clusters(p.template get<"clusters">(), p.template get<"width">(), p.template get<"depth">(), p.template get<"l2_kib">(),
                                   p.template get<"l2_bandwidth">(), p.template get<"glb_mib">());
}

} // namespace verdant::spaces
