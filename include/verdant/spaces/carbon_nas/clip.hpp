#pragma once

#include <verdant/space/point.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

/// The spaces of pruned CLIPs of CarbonNAAS.
namespace verdant::spaces {

/// The text tower of a pruned CLIP ViT-B: parameters 1 to 4 of the published search space (CATransformers, configurations.py;
/// arXiv 2505.01386), in real dimensions.
struct clip_text
    : space<param<"layers", range<6, 12>>, param<"ffn", range<1024, 2048, 256>>, param<"width", range<256, 512, 64>>, param<"heads", range<4, 8>>> {};

/// Its vision tower: parameters 5 to 8.
struct clip_vision
    : space<param<"layers", range<6, 12>>, param<"ffn", range<1536, 3072, 384>>, param<"width", range<384, 768, 96>>, param<"heads", range<6, 12>>> {
};

/// The models of CarbonNAAS: ViT-B/16 or B/32 pruned to 1,071,875 shapes. Heads keep their 64 channels whatever the width, so no
/// constraint ties the two.
struct clip : space<nest<"text", clip_text>, nest<"vision", clip_vision>> {};

/// The text tower of any pruned CLIP, by shares of the unpruned one's sizes. For ViT-B these are the models of `clip_text`.
struct clip_text_shares : space<param<"layer_twelfths", range<6, 12>>, param<"ffn_eighths", range<4, 8>>, param<"width_eighths", range<4, 8>>,
                                param<"head_eighths", range<4, 8>>> {};

/// Its vision tower; for ViT-B the models of `clip_vision`.
struct clip_vision_shares : space<param<"layer_twelfths", range<6, 12>>, param<"ffn_eighths", range<4, 8>>, param<"width_eighths", range<4, 8>>,
                                  param<"head_twelfths", range<6, 12>>> {};

/// The published space for a CLIP of any size, whose dimensions are known at run time: 1,071,875 points, of which some stand for the same model
/// where layers are not twelve or heads not eight and twelve.
struct clip_shares : space<nest<"text", clip_text_shares>, nest<"vision", clip_vision_shares>> {};

namespace detail {

template <class Space>
[[nodiscard]] consteval bool has_names_of_clip_shares() {
    for (const std::string_view name : {"text.layer_twelfths", "text.ffn_eighths", "text.width_eighths", "text.head_eighths", "vision.layer_twelfths",
                                        "vision.ffn_eighths", "vision.width_eighths", "vision.head_twelfths"})
        if (view_of<Space>.find(name) == parameter_count<Space>) return false;
    return true;
}
template <class Space>
inline constexpr bool names_clip_shares = has_names_of_clip_shares<Space>();

} // namespace detail

/// The configuration that a point stands for.
/// @param base gives what the space does not vary: patch, joint dimension, image, context, activation; and what shares are shares of, which are
/// rounded
///        down, but not below 1
template <search_space Space>
[[nodiscard]] constexpr workload::clip_config clip_of(const point<Space>& p, workload::clip_config base) {
    if constexpr (verdant::spaces::detail::names_clip_shares<Space>) {
        const auto part = [](int& whole, int numerator, int denominator) {
            whole = static_cast<int>(std::max<std::int64_t>(1, std::int64_t{whole} * numerator / denominator));
        };
        part(base.text.layers, p.template get<"text.layer_twelfths">(), 12);
        part(base.text.ffn, p.template get<"text.ffn_eighths">(), 8);
        part(base.text.width, p.template get<"text.width_eighths">(), 8);
        part(base.text.heads, p.template get<"text.head_eighths">(), 8);
        part(base.vision.layers, p.template get<"vision.layer_twelfths">(), 12);
        part(base.vision.ffn, p.template get<"vision.ffn_eighths">(), 8);
        part(base.vision.width, p.template get<"vision.width_eighths">(), 8);
        part(base.vision.heads, p.template get<"vision.head_twelfths">(), 12);
    } else {
        base.text.layers = p.template get<"text.layers">();
        base.text.ffn = p.template get<"text.ffn">();
        base.text.width = p.template get<"text.width">();
        base.text.heads = p.template get<"text.heads">();
        base.vision.layers = p.template get<"vision.layers">();
        base.vision.ffn = p.template get<"vision.ffn">();
        base.vision.width = p.template get<"vision.width">();
        base.vision.heads = p.template get<"vision.heads">();
    }
    return base;
}

} // namespace verdant::spaces
