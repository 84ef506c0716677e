#pragma once

#include <verdant/nn/classification.hpp>
#include <verdant/nn/clip.hpp>
#include <verdant/nn/clip_forward.hpp>
#include <verdant/nn/device.hpp>
#include <verdant/nn/prelude.hpp>

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace verdant::nn {

/// Normalised 32-bit features of many images, `batch` at a time, without gradients.
template <precision_policy Precision = fp32>
[[nodiscard]] at::Tensor image_features(const clip_model& m, const at::Tensor& images, std::int64_t batch = 64) {
    const c10::AutoGradMode off{false};
    const auto device = m.logit_scale.device();
    const typename Precision::scope scope{device};
    std::vector<at::Tensor> parts;
    for (std::int64_t i = 0; i < images.size(0); i += batch)
        parts.push_back(normalised(encode_image(m, images.slice(0, i, std::min(i + batch, images.size(0))).to(device)).to(at::kFloat)));
    return at::cat(parts);
}

/// Normalised 32-bit features of many texts, likewise.
template <precision_policy Precision = fp32>
[[nodiscard]] at::Tensor text_features(const clip_model& m, const at::Tensor& ids, std::int64_t batch = 64) {
    const c10::AutoGradMode off{false};
    const auto device = m.logit_scale.device();
    const typename Precision::scope scope{device};
    std::vector<at::Tensor> parts;
    for (std::int64_t i = 0; i < ids.size(0); i += batch)
        parts.push_back(normalised(encode_text(m, ids.slice(0, i, std::min(i + batch, ids.size(0))).to(device)).to(at::kFloat)));
    return at::cat(parts);
}

/// The zero-shot classifier of a model. @param prompts for each class its prompts, token ids [prompts, context]
template <precision_policy Precision = fp32>
[[nodiscard]] at::Tensor zero_shot_classifier(const clip_model& m, const std::vector<at::Tensor>& prompts) {
    std::vector<at::Tensor> embeddings;
    for (const auto& ids : prompts) embeddings.push_back(text_features<Precision>(m, ids));
    return zero_shot_classifier(embeddings);
}

} // namespace verdant::nn
