#pragma once

#include <verdant/space/point.hpp>
#include <verdant/workload/clip.hpp>

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

/// The configuration that a point stands for.
/// @param base gives what the space does not vary: patch, joint dimension, image, context, activation
template <search_space Space>
[[nodiscard]] constexpr workload::clip_config clip_of(const point<Space>& p, workload::clip_config base) {
    base.text.layers = p.template get<"text.layers">();
    base.text.ffn = p.template get<"text.ffn">();
    base.text.width = p.template get<"text.width">();
    base.text.heads = p.template get<"text.heads">();
    base.vision.layers = p.template get<"vision.layers">();
    base.vision.ffn = p.template get<"vision.ffn">();
    base.vision.width = p.template get<"vision.width">();
    base.vision.heads = p.template get<"vision.heads">();
    return base;
}

} // namespace verdant::spaces
