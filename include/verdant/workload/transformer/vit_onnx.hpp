#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/workload/transformer/detail/onnx_encoder_layers.hpp>
#include <verdant/workload/transformer/detail/onnx_transformer_layers.hpp>
#include <verdant/workload/transformer/vit.hpp>

#include <string>
#include <utility>

namespace verdant::workload {

/// A vision transformer with its classifier as a model of ONNX (operators of set 17): from `pixel_values` [batch, channels, S, S], preprocessed, to
/// `logits` [batch, classes], as `nn::logits`.
/// @param weights all of the network's, under Hugging Face's names, such as `nn::state_of` gives them
/// @param batch images at once; 0 leaves it open
/// @throws input_error where the configuration is not well formed, weights are missing, do not fit, or belong to no layer, or the file would have 2
/// GiB
[[nodiscard]] inline onnx::ModelProto to_onnx(const vit_config& c, const io::named_tensors& weights, int batch = 1) {
    detail::check_described(c);
    detail::onnx_transformer_layers layers{"vit", weights, batch};
    const int tokens = c.tokens();
    detail::onnx_encoder_layers encoder{layers,
                                        {.layers = c.layers, .width = c.width, .ffn = c.ffn, .heads = c.heads, .head_width = c.head_width()},
                                        tokens,
                                        {"attention.attention.", "attention.output.dense"}};
    auto x = layers.graph().input("pixel_values", {c.channels, c.image, c.image});
    const std::string patches = "vit.embeddings.patch_embeddings.projection";
    x = layers.patches(patches, x, patches + ".bias", c.channels, c.width, c.patch, c.image / c.patch);
    x = layers.with_class_token("vit.embeddings", x, "vit.embeddings.cls_token", {1, 1, c.width}, "vit.embeddings.position_embeddings",
                                {1, tokens, c.width});
    for (int i = 0; i < c.layers; ++i) {
        const auto layer = "vit.encoder.layer." + std::to_string(i), in = layer + ".";
        x = layers.add(in + "mixed", x, encoder.attended(in, encoder.norm(in + "layernorm_before", x), ""));
        x = layers.add(layer, x, encoder.fed_forward(in, encoder.norm(in + "layernorm_after", x)));
    }
    x = encoder.norm("vit.layernorm", layers.token("vit.pooled", x, 0));
    layers.classifier(x, "classifier.weight", "classifier.bias", c.width, c.classes);
    return std::move(layers).finish();
}

} // namespace verdant::workload
