#pragma once

#include <verdant/hardware/accelerator.hpp>
#include <verdant/space/point.hpp>

#include <string_view>

namespace verdant::spaces {

namespace detail {

template <class Space>
[[nodiscard]] consteval bool names_accelerator() {
    for (const std::string_view name : {"clusters", "width", "depth", "l2_kib", "l2_bandwidth", "glb_mib"})
        if (view_of<Space>.find(name) == parameter_count<Space>) return false;
    return true;
}
template <class Space>
inline constexpr bool has_accelerator = names_accelerator<Space>();

template <class Space>
[[nodiscard]] consteval bool nests_accelerator() {
    for (const std::string_view name : {"hw.clusters", "hw.width", "hw.depth", "hw.l2_kib", "hw.l2_bandwidth", "hw.glb_mib"})
        if (view_of<Space>.find(name) == parameter_count<Space>) return false;
    return true;
}
template <class Space>
inline constexpr bool has_nested_accelerator = nests_accelerator<Space>();

} // namespace detail

/// The accelerators of CarbonNAAS: parameters 9 to 14 of the published search space (CATransformers, configurations.py; arXiv 2505.01386),
/// 3240 points in all.
/// `clusters` is the number of tensor cores and of vector cores; `l2_bandwidth` is in words per cycle.
struct accelerator
    : space<param<"clusters", choices<1, 2, 4>>, param<"width", choices<32, 64, 128, 256>>, param<"depth", choices<2, 4, 8, 16, 32, 64>>,
            param<"l2_kib", choices<64, 128, 256, 512, 1024>>, param<"l2_bandwidth", choices<32, 64, 128>>, param<"glb_mib", choices<2, 4, 8>>> {};

/// A space with the six parameters of `spaces::accelerator`, for example `fix<accelerator, "width", 64>`.
template <class Space>
concept accelerator_space = search_space<Space> && verdant::spaces::detail::has_accelerator<Space>;

/// The accelerator that a point stands for.
template <accelerator_space Space>
[[nodiscard]] constexpr hardware::accelerator accelerator_of(const point<Space>& p) {
    return hardware::from_clusters(p.template get<"clusters">(), p.template get<"width">(), p.template get<"depth">(), p.template get<"l2_kib">(),
                                   p.template get<"l2_bandwidth">(), p.template get<"glb_mib">());
}
/// For a member that is not a nested point, which has been reported.
[[nodiscard]] constexpr hardware::accelerator accelerator_of(const verdant::detail::no_point&) { return {}; }

/// A space whose parameters `hw.clusters`, ... describe an accelerator.
template <class Space>
concept co_design_space = search_space<Space> && verdant::spaces::detail::has_nested_accelerator<Space>;

/// The accelerator that a point of such a space asks for.
template <co_design_space Space>
[[nodiscard]] constexpr hardware::accelerator nested_accelerator_of(const point<Space>& p) {
    return hardware::from_clusters(p.template get<"hw.clusters">(), p.template get<"hw.width">(), p.template get<"hw.depth">(),
                                   p.template get<"hw.l2_kib">(), p.template get<"hw.l2_bandwidth">(), p.template get<"hw.glb_mib">());
}

} // namespace verdant::spaces
