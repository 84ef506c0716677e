#pragma once

#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <cstdint>

/// The number of parameters of a CLIP.
namespace verdant::workload {

/// Trainable numbers of one residual block of an OpenCLIP tower: two norms, the joint projection to queries, keys and values, the
/// projection back, and the two layers of the feed-forward part, all with biases. The attention is heads * head_width wide.
[[nodiscard]] constexpr std::int64_t block_parameters(const tower& t) {
    const std::int64_t width = t.width, ffn = t.ffn, attention = std::int64_t{t.heads} * t.head_width;
    return 4 * width + 3 * attention * (width + 1) + width * (attention + 1) + ffn * (width + 1) + width * (ffn + 1);
}

/// Of the text side: embeddings, blocks, last norm, projection to the joint space.
[[nodiscard]] constexpr std::int64_t text_parameters(const clip_config& c) {
    const std::int64_t width = c.text.width;
    return (std::int64_t{c.vocabulary} + c.context + 2 + c.joint) * width + c.text.layers * block_parameters(c.text);
}

/// Of the vision side: patch embedding (no bias), class and position embeddings, two norms, blocks, projection to the joint space.
[[nodiscard]] constexpr std::int64_t vision_parameters(const clip_config& c) {
    const std::int64_t width = c.vision.width;
    return (3 * std::int64_t{c.patch} * c.patch + 1 + c.vision_tokens() + 4 + c.joint) * width + c.vision.layers * block_parameters(c.vision);
}

/// Trainable numbers of an OpenCLIP model: both sides and the logit scale. ViT-B/16 has 149,620,737.
[[nodiscard]] constexpr std::int64_t parameters(const clip_config& c) { return text_parameters(c) + vision_parameters(c) + 1; }

} // namespace verdant::workload
