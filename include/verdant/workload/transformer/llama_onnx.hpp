#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/workload/transformer/bert.hpp>
#include <verdant/workload/transformer/detail/onnx_transformer_layers.hpp>
#include <verdant/workload/transformer/llama.hpp>
#include <verdant/workload/transformer/rotary_frequencies.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

/// Llama with its weights as a model of ONNX.
namespace verdant::workload {

namespace detail {

/// Turns channel i of queries and keys together with channel i + d/2 by the angle of their token: x * cos + swapped(x) * sin, with the first half of
/// the sines negative, which is the form of `nn::rotate` without a join.
class onnx_rotation {
public:
    onnx_rotation(onnx_transformer_layers& layers, const llama_config& c, int tokens) : layers_{layers} {
        const auto frequencies = rotary_frequencies(c);
        const auto half = frequencies.size();
        std::vector<std::int64_t> swapped(2 * half);
        std::iota(swapped.begin(), swapped.begin() + static_cast<std::ptrdiff_t>(half), static_cast<std::int64_t>(half));
        std::iota(swapped.begin() + static_cast<std::ptrdiff_t>(half), swapped.end(), std::int64_t{0});
        swapped_ = layers.graph().integers("rotary.swapped", swapped);
        const io::tensor_shape shape{static_cast<std::uint64_t>(tokens), 2 * half};
        cosines_ = layers.constant("rotary.cos", shape, [frequencies, shape] {
            return of_angles(frequencies, shape, [](double angle) { return std::pair{std::cos(angle), std::cos(angle)}; });
        });
        sines_ = layers.constant("rotary.sin", shape, [frequencies, shape] {
            return of_angles(frequencies, shape, [](double angle) { return std::pair{-std::sin(angle), std::sin(angle)}; });
        });
    }

    /// @param x [batch, heads, tokens, d]
    std::string operator()(const std::string& name, const std::string& x) {
        auto& graph = layers_.graph();
        const auto other = graph.node("Gather", name + ".swapped", {x, swapped_}, {{"axis", std::int64_t{3}}});
        return layers_.add(name, graph.node("Mul", name + ".cos", {x, cosines_}), graph.node("Mul", name + ".sin", {other, sines_}));
    }

private:
    /// A table of all tokens' angles. @param factors called as `factors(angle)`, gives those of the first and the second channel of a pair
    template <std::invocable<double> Factors>
    [[nodiscard]] static io::tensor_data of_angles(const std::vector<double>& frequencies, const io::tensor_shape& shape, Factors factors) {
        const auto half = frequencies.size();
        std::vector<float> values(static_cast<std::size_t>(shape[0]) * 2 * half);
        for (std::size_t token = 0; token < shape[0]; ++token)
            for (std::size_t i = 0; i < half; ++i) {
                const double angle = static_cast<float>(token) * static_cast<float>(frequencies[i]); // rounded as nn::rotary_table_of rounds it
                auto* const pair = values.data() + token * 2 * half + i;
                const auto [first, second] = factors(angle);
                pair[0] = static_cast<float>(first);
                pair[half] = static_cast<float>(second);
            }
        return io::tensor_data::of(shape, values);
    }

    onnx_transformer_layers& layers_;
    std::string cosines_, sines_, swapped_;
};

/// Writes the layers of a Llama.
class onnx_llama_layers {
public:
    onnx_llama_layers(onnx_transformer_layers& layers, const llama_config& c, int tokens)
        : layers_{layers}, c_{c}, all_{c.heads, c.head_width(), tokens}, read_{c.key_value_heads, c.head_width(), tokens},
          turned_{layers, c, tokens} {}

    std::string norm(const std::string& name, const std::string& x) { return layers_.rms_norm(name, x, c_.width, c_.norm_epsilon); }

    /// @param in the layer
    std::string attended(const std::string& in, const std::string& x, const std::string& mask) {
        const auto part = [&](const char* which, const head_shape& s) {
            const auto name = in + "self_attn." + which;
            return layers_.by_heads(name + ".heads", linear(name, x, c_.width, s.heads * s.width), s);
        };
        const auto times = c_.heads / c_.key_value_heads;
        const auto queries = turned_(in + "self_attn.queries", part("q_proj", all_)), keys = turned_(in + "self_attn.keys", part("k_proj", read_));
        const onnx_heads of{queries, layers_.repeat_heads(in + "self_attn.all_keys", keys, times, all_),
                            layers_.repeat_heads(in + "self_attn.all_values", part("v_proj", read_), times, all_)};
        return linear(in + "self_attn.o_proj", layers_.attention(in + "self_attn", of, mask, all_), c_.width, c_.width);
    }

    /// down(silu(gate(x)) * up(x)).
    std::string fed_forward(const std::string& in, const std::string& x) {
        const auto gate = layers_.silu(in + "mlp.act", linear(in + "mlp.gate_proj", x, c_.width, c_.ffn));
        const auto hidden = layers_.graph().node("Mul", in + "mlp.gated", {gate, linear(in + "mlp.up_proj", x, c_.width, c_.ffn)});
        return linear(in + "mlp.down_proj", hidden, c_.ffn, c_.width);
    }

private:
    std::string linear(const std::string& name, const std::string& x, int in, int out) {
        return layers_.linear(name, x, name + ".weight", "", in, out);
    }

    onnx_transformer_layers& layers_;
    llama_config c_;
    head_shape all_, read_;
    onnx_rotation turned_;
};

} // namespace detail

/// A Llama with its classifier as a model of ONNX (operators of set 17): from `input_ids` and `attention_mask` (0 at padding), [batch, tokens] of
/// whole numbers in 64 bits, to `logits` [batch, classes] of the last token that is not padding, as `nn::logits`. The angles of the rotary embedding
/// are constants of the file.
/// @param weights all of the network's, under Hugging Face's names, such as `nn::state_of` gives them; a file holds less than 2 GiB
/// @param tokens length of texts with their padding @param batch texts at once; 0 leaves it open
/// @throws input_error where the configuration is not well formed, texts are longer than it allows, weights are missing, do not fit, or belong to no
/// layer, or the file would have 2 GiB
[[nodiscard]] inline onnx::ModelProto to_onnx(const llama_config& c, const io::named_tensors& weights, int tokens, int batch = 1) {
    detail::check_described(c);
    detail::check_tokens(tokens, c.positions);
    detail::onnx_transformer_layers layers{"llama", weights, batch};
    detail::onnx_llama_layers decoder{layers, c, tokens};
    auto& graph = layers.graph();
    const auto ids = graph.integer_input("input_ids", {tokens}), seen = graph.integer_input("attention_mask", {tokens});
    auto x = layers.embedding("model.embed_tokens", ids, "model.embed_tokens.weight", {c.vocabulary, c.width});
    // A token reads those before it that are not padding: the lower of two masks, as their sum would be infinite.
    const auto places = layers.places("places", tokens);
    const auto mask =
        graph.node("Min", "mask", {layers.causal_mask("mask.causal", places, tokens), layers.padding_mask("mask.padding", seen, tokens)});
    for (int i = 0; i < c.layers; ++i) {
        const auto layer = "model.layers." + std::to_string(i), in = layer + ".";
        x = layers.add(in + "mixed", x, decoder.attended(in, decoder.norm(in + "input_layernorm", x), mask));
        x = layers.add(layer, x, decoder.fed_forward(in, decoder.norm(in + "post_attention_layernorm", x)));
    }
    const auto kept = graph.node("Cast", "last.seen", {graph.node("Cast", "last.any", {seen}, {{"to", std::int64_t{onnx::TensorProto::BOOL}}})},
                                 {{"to", std::int64_t{onnx::TensorProto::INT64}}});
    const auto last = layers.token_of_largest("last", x, graph.node("Mul", "last.places", {kept, places}));
    layers.classifier(decoder.norm("model.norm", last), "score.weight", "", c.width, c.classes);
    return std::move(layers).finish();
}

} // namespace verdant::workload
