#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/bert.hpp>
#include <verdant/nn/models/transformer_model.hpp>
#include <verdant/workload/transformer/vit.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace verdant::nn {

/// A vision transformer with a classifier over its class token (Dosovitskiy et al. 2021; transformers' ViTForImageClassification): a plain
/// struct of tensors; E is the width, P the patch.
struct vit {
    using config_type = workload::vit_config;
    static constexpr std::string_view trunk = "vit.";
    static constexpr std::string_view head = "classifier.";

    workload::vit_config config;
    at::Tensor cls_token;           ///< [1, 1, E]
    at::Tensor position_embeddings; ///< [1, tokens, E]
    affine patch_embeddings;        ///< [E, channels, P, P], [E]
    std::vector<encoder_layer> layers;
    affine norm;                    ///< [E]
    affine classifier;              ///< [classes, E], [classes]

    /// A model of these dimensions with tensors of no particular content; on at::kMeta it has shapes only and costs nothing.
    [[nodiscard]] static vit empty(const workload::vit_config& c, const at::TensorOptions& o = at::kFloat) {
        const std::int64_t width = c.width;
        vit m{c,
              at::empty({1, 1, width}, o),
              at::empty({1, c.tokens(), width}, o),
              {at::empty({width, c.channels, c.patch, c.patch}, o), at::empty({width}, o)},
              {},
              {at::empty({width}, o), at::empty({width}, o)},
              {at::empty({c.classes, width}, o), at::empty({c.classes}, o)}};
        for (int i = 0; i < c.layers; ++i) m.layers.push_back(encoder_layer::empty(width, c.ffn, o));
        return m;
    }
};

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(nn::vit& m, tensor_visitor visit) {
    visit(std::string{"vit.embeddings.cls_token"}, m.cls_token);
    visit(std::string{"vit.embeddings.position_embeddings"}, m.position_embeddings);
    visit_affine(m.patch_embeddings, "vit.embeddings.patch_embeddings.projection", visit);
    for (std::size_t i = 0; i < m.layers.size(); ++i) {
        auto& l = m.layers[i];
        const std::string in = "vit.encoder.layer." + std::to_string(i) + ".";
        visit_affine(l.query, in + "attention.attention.query", visit);
        visit_affine(l.key, in + "attention.attention.key", visit);
        visit_affine(l.value, in + "attention.attention.value", visit);
        visit_affine(l.attention_output, in + "attention.output.dense", visit);
        visit_affine(l.intermediate, in + "intermediate.dense", visit);
        visit_affine(l.output, in + "output.dense", visit);
        visit_affine(l.attention_norm, in + "layernorm_before", visit);
        visit_affine(l.output_norm, in + "layernorm_after", visit);
    }
    visit_affine(m.norm, "vit.layernorm", visit);
    visit_affine(m.classifier, "classifier", visit);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(nn::vit&, tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor)` for every parameter under its name in Hugging Face's checkpoints, in their order.
template <class Model, class Visitor>
    requires std::same_as<std::remove_const_t<Model>, vit>
void for_each_parameter(Model& m, Visitor&& visit) {
    detail::visit_tensors(const_cast<vit&>(m), detail::tensor_visitor::of<Model>(visit));
}
VERDANT_DEFINED_ONCE(vit load_transformer<vit>(io::named_tensors, const vit::config_type&, std::uint64_t));
VERDANT_DEFINED_ONCE(vit random_transformer<vit>(const vit::config_type&, std::uint64_t));
VERDANT_DEFINED_ONCE(io::named_tensors state_of<vit>(const vit&));

/// Scores of images, [B, classes], without dropout. @param images [B, channels, S, S], preprocessed
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor logits(const vit& m, const at::Tensor& images) {
    constexpr double epsilon = 1e-12;
    const auto& kernel = m.patch_embeddings.weight;
    const auto patches =
        at::conv2d(images.to(kernel.scalar_type()), kernel, m.patch_embeddings.bias, kernel.sizes().slice(2, 2)).flatten(2).transpose(1, 2);
    auto x = at::cat({m.cls_token.expand({patches.size(0), 1, patches.size(2)}), patches}, 1) + m.position_embeddings;
    for (const auto& l : m.layers) {
        x = x + attend(l, layer_norm(l.attention_norm, x, epsilon), m.config.heads, {});
        x = x + feed_forward(l, layer_norm(l.output_norm, x, epsilon));
    }
    return at::linear(layer_norm(m.norm, x.select(1, 0), epsilon), m.classifier.weight, m.classifier.bias);
}
VERDANT_DEFINED_ONCE(at::Tensor logits<>(const vit&, const at::Tensor&));

} // namespace verdant::nn
