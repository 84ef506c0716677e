#pragma once

#include <verdant/spaces/accelerator.hpp>
#include <verdant/spaces/clip.hpp>

namespace verdant::spaces {

/// CLIP and its accelerator together: the 14 parameters of the published search in their order (CATransformers, configurations.py;
/// arXiv 2505.01386), 3,472,875,000 points.
struct clip_co_design : space<nest<"text", clip_text>, nest<"vision", clip_vision>, nest<"hw", accelerator>> {};

} // namespace verdant::spaces

namespace verdant::detail {

template <class Space>
[[nodiscard]] consteval bool names_clip() {
    for (const std::string_view name :
         {"text.layers", "text.ffn", "text.width", "text.heads", "vision.layers", "vision.ffn", "vision.width", "vision.heads"})
        if (view_of<Space>.find(name) == parameter_count<Space>) return false;
    return true;
}
template <class Space>
inline constexpr bool has_clip = names_clip<Space>() || names_clip_shares<Space>;

template <class Space>
[[nodiscard]] consteval bool nests_accelerator() {
    for (const std::string_view name : {"hw.clusters", "hw.width", "hw.depth", "hw.l2_kib", "hw.l2_bandwidth", "hw.glb_mib"})
        if (view_of<Space>.find(name) == parameter_count<Space>) return false;
    return true;
}
template <class Space>
inline constexpr bool has_nested_accelerator = nests_accelerator<Space>();

} // namespace verdant::detail

namespace verdant::spaces {

/// The same for any CLIP: 14 parameters of which eight are shares of the unpruned model's sizes.
struct clip_shares_co_design : space<nest<"text", clip_text_shares>, nest<"vision", clip_vision_shares>, nest<"hw", accelerator>> {};

/// A space with the eight parameters of `spaces::clip`, for example with other ranges, or those of `spaces::clip_shares`.
template <class Space>
concept clip_space = search_space<Space> && verdant::detail::has_clip<Space>;

/// A space whose parameters `hw.clusters`, ... describe an accelerator.
template <class Space>
concept co_design_space = search_space<Space> && verdant::detail::has_nested_accelerator<Space>;

/// The accelerator that a point of such a space asks for.
template <co_design_space Space>
[[nodiscard]] constexpr hardware::accelerator nested_accelerator_of(const point<Space>& p) {
    return hardware::from_clusters(p.template get<"hw.clusters">(), p.template get<"hw.width">(), p.template get<"hw.depth">(),
                                   p.template get<"hw.l2_kib">(), p.template get<"hw.l2_bandwidth">(), p.template get<"hw.glb_mib">());
}

} // namespace verdant::spaces
