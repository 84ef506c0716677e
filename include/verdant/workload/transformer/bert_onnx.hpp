#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/workload/transformer/bert.hpp>
#include <verdant/workload/transformer/detail/onnx_encoder_layers.hpp>
#include <verdant/workload/transformer/detail/onnx_transformer_layers.hpp>

#include <string>
#include <utility>

namespace verdant::workload {

/// BERT with its classifier as a model of ONNX (operators of set 17): from `input_ids`, `attention_mask` (0 at padding) and `token_type_ids`, [batch,
/// tokens] of whole numbers in 64 bits, to `logits`
/// [batch, classes], as `nn::logits`.
/// @param weights all of the network's, under Hugging Face's names, such as `nn::state_of` gives them; positions behind the last token are cut off
/// @param tokens length of texts with their padding @param batch texts at once; 0 leaves it open
/// @throws input_error where the configuration is not well formed, texts are longer than it allows, weights are missing, do not fit, or belong to no
/// layer, or the file would have 2 GiB
[[nodiscard]] inline onnx::ModelProto to_onnx(const bert_config& c, const io::named_tensors& weights, int tokens, int batch = 1) {
    detail::check_described(c);
    detail::check_tokens(tokens, c.positions);
    detail::onnx_transformer_layers layers{"bert", weights, batch};
    detail::onnx_encoder_layers encoder{layers,
                                        {.layers = c.layers, .width = c.width, .ffn = c.ffn, .heads = c.heads, .head_width = c.head_width()},
                                        tokens,
                                        {"attention.self.", "attention.output.dense"}};
    const auto ids = layers.graph().integer_input("input_ids", {tokens}), seen = layers.graph().integer_input("attention_mask", {tokens}),
               types = layers.graph().integer_input("token_type_ids", {tokens});
    const std::string in = "bert.embeddings.";
    auto x = layers.embedding(in + "word_embeddings", ids, in + "word_embeddings.weight", {c.vocabulary, c.width});
    x = layers.add(in + "words_and_types", x,
                   layers.embedding(in + "token_type_embeddings", types, in + "token_type_embeddings.weight", {c.token_types, c.width}));
    x = layers.add(in + "all", x, layers.first_rows(in + "position_embeddings.weight", {c.positions, c.width}, tokens));
    x = encoder.norm(in + "LayerNorm", x);
    const auto mask = layers.padding_mask("mask", seen, tokens);
    for (int i = 0; i < c.layers; ++i) {
        const auto layer = "bert.encoder.layer." + std::to_string(i) + ".";
        x = encoder.norm(layer + "attention.output.LayerNorm", layers.add(layer + "mixed", x, encoder.attended(layer, x, mask)));
        x = encoder.norm(layer + "output.LayerNorm", layers.add(layer + "fed", x, encoder.fed_forward(layer, x)));
    }
    x = layers.linear("bert.pooler.dense", layers.token("bert.pooled", x, 0), c.width, c.width);
    layers.classifier(layers.graph().node("Tanh", "bert.pooler", {x}), "classifier.weight", "classifier.bias", c.width, c.classes);
    return std::move(layers).finish();
}

} // namespace verdant::workload
