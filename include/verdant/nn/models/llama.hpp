#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/head_attention.hpp>
#include <verdant/nn/layers/rotary.hpp>
#include <verdant/nn/models/transformer_model.hpp>
#include <verdant/workload/transformer/llama.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/silu.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Llama, a decoder with rotary embeddings.
namespace verdant::nn {

/// One layer of a Llama; E is the width, K that of keys and values, F the feed-forward width. Nothing has a bias.
struct llama_layer {
    at::Tensor q_proj, k_proj, v_proj, o_proj;  ///< [E, E], [K, E], [K, E], [E, E]
    at::Tensor gate_proj, up_proj, down_proj;   ///< [F, E], [F, E], [E, F]
    at::Tensor input_norm, post_attention_norm; ///< [E]
};

/// Llama with a classifier over the last token of a text (Touvron et al. 2023; transformers' LlamaForSequenceClassification): a plain struct
/// of tensors; E is the width.
struct llama {
    using config_type = workload::llama_config;
    static constexpr std::string_view trunk = "model.";
    static constexpr std::string_view head = "score.";

    workload::llama_config config;
    at::Tensor embed_tokens; ///< [vocabulary, E]
    std::vector<llama_layer> layers;
    at::Tensor norm;         ///< [E]
    at::Tensor score;        ///< [classes, E]

    /// A model of these dimensions with tensors of no particular content; on at::kMeta it has shapes only and costs nothing.
    [[nodiscard]] static llama empty(const workload::llama_config& c, const at::TensorOptions& o = at::kFloat) {
        const std::int64_t width = c.width, narrow = c.key_value_width(), ffn = c.ffn;
        llama m{c, at::empty({c.vocabulary, width}, o), {}, at::empty({width}, o), at::empty({c.classes, width}, o)};
        for (int i = 0; i < c.layers; ++i)
            m.layers.push_back({at::empty({width, width}, o), at::empty({narrow, width}, o), at::empty({narrow, width}, o),
                                at::empty({width, width}, o), at::empty({ffn, width}, o), at::empty({ffn, width}, o), at::empty({width, ffn}, o),
                                at::empty({width}, o), at::empty({width}, o)});
        return m;
    }
};

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(nn::llama& m, tensor_visitor visit) {
    visit(std::string{"model.embed_tokens.weight"}, m.embed_tokens);
    for (std::size_t i = 0; i < m.layers.size(); ++i) {
        auto& l = m.layers[i];
        const std::string in = "model.layers." + std::to_string(i) + ".";
        visit(in + "self_attn.q_proj.weight", l.q_proj);
        visit(in + "self_attn.k_proj.weight", l.k_proj);
        visit(in + "self_attn.v_proj.weight", l.v_proj);
        visit(in + "self_attn.o_proj.weight", l.o_proj);
        visit(in + "mlp.gate_proj.weight", l.gate_proj);
        visit(in + "mlp.up_proj.weight", l.up_proj);
        visit(in + "mlp.down_proj.weight", l.down_proj);
        visit(in + "input_layernorm.weight", l.input_norm);
        visit(in + "post_attention_layernorm.weight", l.post_attention_norm);
    }
    visit(std::string{"model.norm.weight"}, m.norm);
    visit(std::string{"score.weight"}, m.score);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(nn::llama&, tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor)` for every parameter under its name in Hugging Face's checkpoints, in their order.
template <class Model, class Visitor>
    requires std::same_as<std::remove_const_t<Model>, llama>
void for_each_parameter(Model& m, Visitor&& visit) {
    detail::visit_tensors(const_cast<llama&>(m), detail::tensor_visitor::of<Model>(visit));
}
VERDANT_DEFINED_ONCE(llama load_transformer<llama>(io::named_tensors, const llama::config_type&, std::uint64_t));
VERDANT_DEFINED_ONCE(llama random_transformer<llama>(const llama::config_type&, std::uint64_t));
VERDANT_DEFINED_ONCE(io::named_tensors state_of<llama>(const llama&));

/// x divided by the root of its mean square over the last axis, times a weight; in 32 bits at least.
[[nodiscard]] inline at::Tensor rms_norm(const at::Tensor& weight, const at::Tensor& x, double epsilon) {
    const auto wide = widened(x);
    return weight * (wide * at::rsqrt(wide.square().mean({-1}, true) + epsilon)).to(x.scalar_type());
}

/// What the layers make of texts after the last norm, [B, N, E]: token i depends on tokens 0 to i only, less padding.
/// @param ids            token ids [B, N]
/// @param attention_mask [B, N], 0 at padding; undefined for texts without
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor hidden_states(const llama& m, const at::Tensor& ids, const at::Tensor& attention_mask = {}) {
    const auto& c = m.config;
    const double epsilon = c.norm_epsilon;
    auto x = at::embedding(m.embed_tokens, ids);
    const auto mask = causal_padding_mask(attention_mask, ids.size(1), x.options());
    const auto table = rotary_table_of(c, ids.size(1), x.options());
    const std::int64_t shared = c.heads / c.key_value_heads;
    for (const auto& l : m.layers) {
        const auto read = rms_norm(l.input_norm, x, epsilon);
        const auto queries = rotate(table, split_heads(at::linear(read, l.q_proj), c.heads));
        const auto keys = rotate(table, split_heads(at::linear(read, l.k_proj), c.key_value_heads));
        const auto values = split_heads(at::linear(read, l.v_proj), c.key_value_heads);
        x = x + at::linear(head_attention(queries, repeat_heads(keys, shared), repeat_heads(values, shared), mask), l.o_proj);
        const auto normed = rms_norm(l.post_attention_norm, x, epsilon);
        x = x + at::linear(at::silu(at::linear(normed, l.gate_proj)) * at::linear(normed, l.up_proj), l.down_proj);
    }
    return rms_norm(m.norm, x, epsilon);
}
VERDANT_DEFINED_ONCE(at::Tensor hidden_states<>(const llama&, const at::Tensor&, const at::Tensor&));

/// Scores of texts, [B, classes], of the last token of each that is not padding. Parameters as of `hidden_states`.
[[nodiscard]] inline at::Tensor logits(const llama& m, const at::Tensor& ids, const at::Tensor& attention_mask = {}) {
    const auto scores = at::linear(hidden_states(m, ids, attention_mask), m.score);
    if (!attention_mask.defined()) return scores.select(1, ids.size(1) - 1);
    const auto places = at::arange(ids.size(1), ids.options());
    const auto last = (attention_mask.ne(0).to(ids.scalar_type()) * places).argmax(1).reshape({-1, 1, 1}).expand({-1, 1, scores.size(2)});
    return scores.gather(1, last).squeeze(1);
}

} // namespace verdant::nn
