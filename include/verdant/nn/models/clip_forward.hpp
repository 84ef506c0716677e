#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/clip.hpp>

#include <ATen/ops/argmax.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

/// The forward pass of CLIP: features of images and texts.
namespace verdant::nn {

/// Is shown no activations. An observer is called with the name of a part, as in `visual.transformer.resblocks.3`, and its output.
struct no_observer {
    void operator()(const std::string&, const at::Tensor&) const {}
};

/// [n, n]: minus infinity above the diagonal, so that a token sees itself and those before it; padding is not masked.
[[nodiscard]] inline at::Tensor causal_mask(std::int64_t n, const at::TensorOptions& options = at::kFloat) {
    return at::full({n, n}, -std::numeric_limits<double>::infinity(), options).triu(1);
}

namespace detail {

template <class Observer>
[[nodiscard]] at::Tensor run_blocks(const std::vector<nn::residual_block>& blocks, at::Tensor x, const at::Tensor& mask,
                                    workload::activation nonlinearity, nn::block_runner run, const char* prefix, Observer& observe) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        x = run(blocks[i], x, mask, nonlinearity);
        if constexpr (!std::same_as<Observer, nn::no_observer>) observe(prefix + ("transformer.resblocks." + std::to_string(i)), x);
    }
    return x;
}

} // namespace detail

/// The embeddings of images, [B, 3, S, S] preprocessed, in the joint space, [B, J], not normalised: patches, the class token before them,
/// positions, the blocks, and the class token of the outcome projected.
/// @param kept [B, K], the tokens of each image that pass the blocks, the class token 0 among them; undefined for all
template <class Observer = no_observer>
[[nodiscard]] at::Tensor encode_image(const clip_model& m, const at::Tensor& images, Observer observe = {}, const at::Tensor& kept = {}) {
    const auto& v = m.vision;
    const auto patches = at::conv2d(images.to(v.conv1.scalar_type()), v.conv1, {}, v.conv1.sizes().slice(2, 2));
    observe("visual.conv1", patches);
    const auto tokens = patches.flatten(2).transpose(1, 2);
    const auto batch = tokens.size(0), width = tokens.size(2);
    const auto first = v.class_embedding.to(tokens.scalar_type()).expand({batch, 1, width});
    auto x = at::cat({first, tokens}, 1) + v.positional_embedding;
    if (kept.defined()) x = x.gather(1, kept.unsqueeze(2).expand({-1, -1, width}));
    x = layer_norm(v.ln_pre, x);
    observe("visual.ln_pre", x);
    x = layer_norm(v.ln_post, detail::run_blocks(v.blocks, x, {}, m.nonlinearity, m.run_block, "visual.", observe));
    observe("visual.ln_post", x);
    return at::matmul(x.select(1, 0), v.projection);
}
VERDANT_DEFINED_ONCE(at::Tensor encode_image<>(const clip_model&, const at::Tensor&, no_observer, const at::Tensor&));

/// The embeddings of texts, token ids [B, context], in the joint space, [B, J], not normalised: taken at the largest id of a row, which is
/// the end of the text (the first of them where there are several).
template <class Observer = no_observer>
[[nodiscard]] at::Tensor encode_text(const clip_model& m, const at::Tensor& ids, Observer observe = {}) {
    const auto& t = m.text;
    auto x = at::embedding(t.token_embedding, ids) + t.positional_embedding;
    const auto mask = causal_mask(ids.size(1), x.options());
    x = layer_norm(t.ln_final, detail::run_blocks(t.blocks, x, mask, m.nonlinearity, m.run_block, "", observe));
    observe("ln_final", x);
    const auto end = at::argmax(ids, -1).reshape({-1, 1, 1}).expand({-1, 1, x.size(2)});
    return at::matmul(x.gather(1, end).squeeze(1), t.projection);
}
VERDANT_DEFINED_ONCE(at::Tensor encode_text<>(const clip_model&, const at::Tensor&, no_observer));

/// Rows divided by their Euclidean length, or by 1e-12 where that is smaller.
[[nodiscard]] inline at::Tensor normalised(const at::Tensor& features) { return features / features.norm(2, {-1}, true).clamp_min(1e-12); }

/// Similarities of normalised features, [images, texts], times the exponential of the logit scale.
[[nodiscard]] inline at::Tensor logits_per_image(const clip_model& m, const at::Tensor& image, const at::Tensor& text) {
    const auto logits = m.logit_scale.exp() * at::matmul(image, text.t());
    return m.logit_bias.defined() ? logits + m.logit_bias : logits;
}

/// Normalised features of a batch of pairs.
struct clip_features {
    at::Tensor image, text;
};

/// @param patches the tokens of each image that are looked at, see `encode_image`
[[nodiscard]] inline clip_features features(const clip_model& m, const at::Tensor& images, const at::Tensor& ids, const at::Tensor& patches = {}) {
    return {normalised(encode_image(m, images, no_observer{}, patches)), normalised(encode_text(m, ids))};
}

} // namespace verdant::nn
