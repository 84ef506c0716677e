#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/head_attention.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/transformer_model.hpp>
#include <verdant/workload/transformer/bert.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros_like.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// BERT with a head for classification.
namespace verdant::nn {

/// One layer of BERT or ViT; E is the width, F the feed-forward width. Where its norms stand is the model's business.
struct encoder_layer {
    affine query, key, value;  ///< [E, E], [E]
    affine attention_output;   ///< likewise
    affine attention_norm;     ///< [E]: BERT's after the attention, ViT's before it
    affine intermediate;       ///< [F, E], [F]
    affine output;             ///< [E, F], [E]
    affine output_norm;        ///< [E]: BERT's after the feed-forward block, ViT's before it

    [[nodiscard]] static encoder_layer empty(std::int64_t width, std::int64_t ffn, const at::TensorOptions& o) {
        const auto layer = [&o](std::int64_t out, std::int64_t in) { return affine{at::empty({out, in}, o), at::empty({out}, o)}; };
        const auto norm = [&] { return affine{at::empty({width}, o), at::empty({width}, o)}; };
        return {
            layer(width, width), layer(width, width), layer(width, width), layer(width, width), norm(), layer(ffn, width), layer(width, ffn), norm()};
    }
};

/// Self-attention with its output projection. @param x [B, N, E]
[[nodiscard]] inline at::Tensor attend(const encoder_layer& l, const at::Tensor& x, std::int64_t heads, const at::Tensor& mask) {
    const auto part = [&](const affine& a) { return split_heads(at::linear(x, a.weight, a.bias), heads); };
    const auto mixed = head_attention(part(l.query), part(l.key), part(l.value), mask);
    return at::linear(mixed, l.attention_output.weight, l.attention_output.bias);
}

/// Linear, exact GELU, linear.
[[nodiscard]] inline at::Tensor feed_forward(const encoder_layer& l, const at::Tensor& x) {
    return at::linear(at::gelu(at::linear(x, l.intermediate.weight, l.intermediate.bias)), l.output.weight, l.output.bias);
}

/// BERT with a classifier over its pooled first token (Devlin et al. 2019; transformers' BertForSequenceClassification): a plain struct of
/// tensors; E is the width.
struct bert {
    using config_type = workload::bert_config;
    static constexpr std::string_view trunk = "bert.";
    static constexpr std::string_view head = "classifier.";

    workload::bert_config config;
    at::Tensor word_embeddings;       ///< [vocabulary, E]
    at::Tensor position_embeddings;   ///< [positions, E]
    at::Tensor token_type_embeddings; ///< [token types, E]
    affine embedding_norm;            ///< [E]
    std::vector<encoder_layer> layers;
    affine pooler;                    ///< [E, E], [E]
    affine classifier;                ///< [classes, E], [classes]

    /// A model of these dimensions with tensors of no particular content; on at::kMeta it has shapes only and costs nothing.
    [[nodiscard]] static bert empty(const workload::bert_config& c, const at::TensorOptions& o = at::kFloat) {
        const std::int64_t width = c.width;
        bert m{c,
               at::empty({c.vocabulary, width}, o),
               at::empty({c.positions, width}, o),
               at::empty({c.token_types, width}, o),
               {at::empty({width}, o), at::empty({width}, o)},
               {},
               {at::empty({width, width}, o), at::empty({width}, o)},
               {at::empty({c.classes, width}, o), at::empty({c.classes}, o)}};
        for (int i = 0; i < c.layers; ++i) m.layers.push_back(encoder_layer::empty(width, c.ffn, o));
        return m;
    }
};

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(nn::bert& m, tensor_visitor visit) {
    visit(std::string{"bert.embeddings.word_embeddings.weight"}, m.word_embeddings);
    visit(std::string{"bert.embeddings.position_embeddings.weight"}, m.position_embeddings);
    visit(std::string{"bert.embeddings.token_type_embeddings.weight"}, m.token_type_embeddings);
    visit_affine(m.embedding_norm, "bert.embeddings.LayerNorm", visit);
    for (std::size_t i = 0; i < m.layers.size(); ++i) {
        auto& l = m.layers[i];
        const std::string in = "bert.encoder.layer." + std::to_string(i) + ".";
        visit_affine(l.query, in + "attention.self.query", visit);
        visit_affine(l.key, in + "attention.self.key", visit);
        visit_affine(l.value, in + "attention.self.value", visit);
        visit_affine(l.attention_output, in + "attention.output.dense", visit);
        visit_affine(l.attention_norm, in + "attention.output.LayerNorm", visit);
        visit_affine(l.intermediate, in + "intermediate.dense", visit);
        visit_affine(l.output, in + "output.dense", visit);
        visit_affine(l.output_norm, in + "output.LayerNorm", visit);
    }
    visit_affine(m.pooler, "bert.pooler.dense", visit);
    visit_affine(m.classifier, "classifier", visit);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(nn::bert&, tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor)` for every parameter under its name in Hugging Face's checkpoints, in their order.
template <class Model, class Visitor>
    requires std::same_as<std::remove_const_t<Model>, bert>
void for_each_parameter(Model& m, Visitor&& visit) {
    detail::visit_tensors(const_cast<bert&>(m), detail::tensor_visitor::of<Model>(visit));
}
VERDANT_DEFINED_ONCE(bert load_transformer<bert>(io::named_tensors, const bert::config_type&, std::uint64_t));
VERDANT_DEFINED_ONCE(bert random_transformer<bert>(const bert::config_type&, std::uint64_t));
VERDANT_DEFINED_ONCE(io::named_tensors state_of<bert>(const bert&));

/// Scores of texts, [B, classes], without dropout.
/// @param ids            token ids [B, N]
/// @param attention_mask [B, N], 0 at padding; undefined for texts without
/// @param token_types    segments [B, N]; undefined for texts of one
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor logits(const bert& m, const at::Tensor& ids, const at::Tensor& attention_mask = {}, const at::Tensor& token_types = {}) {
    constexpr double epsilon = 1e-12;
    const auto positions = at::arange(ids.size(1), ids.options());
    auto x = at::embedding(m.word_embeddings, ids) +
             at::embedding(m.token_type_embeddings, token_types.defined() ? token_types : at::zeros_like(ids)) +
             at::embedding(m.position_embeddings, positions);
    x = layer_norm(m.embedding_norm, x, epsilon);
    const auto mask = padding_mask(attention_mask, x.scalar_type());
    for (const auto& l : m.layers) {
        x = layer_norm(l.attention_norm, x + attend(l, x, m.config.heads, mask), epsilon);
        x = layer_norm(l.output_norm, x + feed_forward(l, x), epsilon);
    }
    const auto pooled = at::tanh(at::linear(x.select(1, 0), m.pooler.weight, m.pooler.bias));
    return at::linear(pooled, m.classifier.weight, m.classifier.bias);
}
VERDANT_DEFINED_ONCE(at::Tensor logits<>(const bert&, const at::Tensor&, const at::Tensor&, const at::Tensor&));

} // namespace verdant::nn
