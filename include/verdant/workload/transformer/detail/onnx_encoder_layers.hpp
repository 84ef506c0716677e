#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/workload/transformer/detail/onnx_transformer_layers.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <string>

/// What BERT and ViT have in common, as operators of ONNX.
namespace verdant::workload::detail {

/// The names of an attention's projections and of its output layer below a layer's.
struct onnx_attention_names {
    const char* projections; ///< `query`, `key` and `value` are behind it
    const char* output;
};

/// Writes the parts of one layer of BERT or ViT; where its norms stand is the model's business.
class onnx_encoder_layers {
public:
    static constexpr double epsilon = 1e-12; ///< of norms

    /// @param t with the width of its heads
    onnx_encoder_layers(onnx_transformer_layers& layers, const tower& t, int tokens, const onnx_attention_names& names)
        : layers_{layers}, tower_{t}, shape_{t.heads, t.head_width, tokens}, names_{names} {}

    std::string norm(const std::string& name, const std::string& x) { return layers_.layer_norm(name, x, tower_.width, epsilon); }

    /// Self-attention with its output projection. @param in the layer
    std::string attended(const std::string& in, const std::string& x, const std::string& mask) {
        const auto part = [&](const char* which) {
            const auto name = in + names_.projections + which;
            return layers_.by_heads(name + ".heads", layers_.linear(name, x, tower_.width, tower_.width), shape_);
        };
        const onnx_heads of{part("query"), part("key"), part("value")};
        return layers_.linear(in + names_.output, layers_.attention(in + names_.projections + "mixed", of, mask, shape_), tower_.width, tower_.width);
    }

    /// Linear, exact GELU, linear.
    std::string fed_forward(const std::string& in, const std::string& x) {
        const auto hidden = layers_.linear(in + "intermediate.dense", x, tower_.width, tower_.ffn);
        return layers_.linear(in + "output.dense", layers_.activate(in + "intermediate.act", hidden, activation::gelu), tower_.ffn, tower_.width);
    }

private:
    onnx_transformer_layers& layers_;
    tower tower_;
    head_shape shape_;
    onnx_attention_names names_;
};

} // namespace verdant::workload::detail
