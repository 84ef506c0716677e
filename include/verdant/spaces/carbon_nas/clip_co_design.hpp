#pragma once

#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>

namespace verdant::spaces {

/// CLIP and its accelerator together: the 14 parameters of the published search in their order (CATransformers, configurations.py;
/// arXiv 2505.01386), 3,472,875,000 points.
struct clip_co_design : space<nest<"text", clip_text>, nest<"vision", clip_vision>, nest<"hw", accelerator>> {};

namespace detail {

template <class Space>
[[nodiscard]] consteval bool names_clip() {
    for (const std::string_view name :
         {"text.layers", "text.ffn", "text.width", "text.heads", "vision.layers", "vision.ffn", "vision.width", "vision.heads"})
        if (view_of<Space>.find(name) == parameter_count<Space>) return false;
    return true;
}
template <class Space>
inline constexpr bool has_clip = names_clip<Space>() || names_clip_shares<Space>;

} // namespace detail

/// The same for any CLIP: 14 parameters of which eight are shares of the unpruned model's sizes.
struct clip_shares_co_design : space<nest<"text", clip_text_shares>, nest<"vision", clip_vision_shares>, nest<"hw", accelerator>> {};

/// A space with the eight parameters of `spaces::clip`, for example with other ranges, or those of `spaces::clip_shares`.
template <class Space>
concept clip_space = search_space<Space> && verdant::spaces::detail::has_clip<Space>;

} // namespace verdant::spaces
