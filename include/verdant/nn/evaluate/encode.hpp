#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_forward.hpp>

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

/// Features of many images and texts by a CLIP.
namespace verdant::nn {

namespace detail {

/// `encode(rows)` of `batch` rows at a time, on the threads of a team, and all outcomes below each other: the same for any number of threads.
template <class Precision, class Encode>
[[nodiscard]] at::Tensor features_of(const nn::clip_model& m, const at::Tensor& rows, std::int64_t batch, const Encode& encode) {
    const c10::AutoGradMode off{false};
    const auto device = m.logit_scale.device();
    const nn::thread_team team;
    const auto n = rows.size(0);
    std::vector<at::Tensor> parts(static_cast<std::size_t>((n + batch - 1) / batch));
    nn::thread_team::share(parts.size(), device, [&](std::size_t i) {
        const typename Precision::scope scope{device};
        const auto first = static_cast<std::int64_t>(i) * batch;
        parts[i] = normalised(encode(rows.slice(0, first, std::min(first + batch, n)).to(device)).to(at::kFloat));
    });
    return at::cat(parts);
}

} // namespace detail

/// Normalised 32-bit features of many images, `batch` at a time, without gradients. Threads of a `thread_team` share the batches out.
template <precision_policy Precision = fp32>
[[nodiscard]] at::Tensor image_features(const clip_model& m, const at::Tensor& images, std::int64_t batch = 64) {
    return detail::features_of<Precision>(m, images, batch, [&m](const at::Tensor& rows) { return encode_image(m, rows); });
}
VERDANT_DEFINED_ONCE(at::Tensor image_features<>(const clip_model&, const at::Tensor&, std::int64_t));

/// Normalised 32-bit features of many texts, likewise.
template <precision_policy Precision = fp32>
[[nodiscard]] at::Tensor text_features(const clip_model& m, const at::Tensor& ids, std::int64_t batch = 64) {
    return detail::features_of<Precision>(m, ids, batch, [&m](const at::Tensor& rows) { return encode_text(m, rows); });
}
VERDANT_DEFINED_ONCE(at::Tensor text_features<>(const clip_model&, const at::Tensor&, std::int64_t));

/// The zero-shot classifier of a model. @param prompts for each class its prompts, token ids [prompts, context]
template <precision_policy Precision = fp32>
[[nodiscard]] at::Tensor zero_shot_classifier(const clip_model& m, const std::vector<at::Tensor>& prompts) {
    std::vector<at::Tensor> embeddings;
    for (const auto& ids : prompts) embeddings.push_back(text_features<Precision>(m, ids));
    return zero_shot_classifier(embeddings);
}
VERDANT_DEFINED_ONCE(at::Tensor zero_shot_classifier<>(const clip_model&, const std::vector<at::Tensor>&));

} // namespace verdant::nn
