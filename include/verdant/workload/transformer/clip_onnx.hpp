#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/detail/onnx_transformer_layers.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <string>
#include <utility>

/// The towers of CLIP with their weights as models of ONNX.
namespace verdant::workload {

namespace detail {

/// Writes the blocks of a tower. Layers of pruned models differ: how many heads and feed-forward channels each has is read off its weights.
class onnx_clip_tower {
public:
    onnx_clip_tower(onnx_transformer_layers& layers, const tower& t, activation f, int tokens)
        : layers_{layers}, tower_{t}, act_{f}, tokens_{tokens} {}

    /// @param prefix of the tower's weights @param mask as of `attention`
    std::string blocks(const std::string& prefix, std::string x, const std::string& mask) {
        for (int i = 0; i < tower_.layers; ++i) {
            const auto in = prefix + "transformer.resblocks." + std::to_string(i);
            const auto [heads, ffn] = extents(in, i == 0);
            x = layers_.add(in + ".mixed", x, attended(in, x, mask, heads));
            x = layers_.add(in, x, fed_forward(in, x, ffn));
        }
        return x;
    }

    static constexpr double epsilon = 1e-5;

private:
    struct block_extents {
        int heads, ffn;
    };

    /// Those of the first layer where a weight is missing, or its rows are no layer's, which is refused when all layers were written.
    [[nodiscard]] block_extents extents(const std::string& in, bool first) const {
        const auto joint = in + ".attn.in_proj_weight", hidden = in + ".mlp.c_fc.weight";
        const int rows = layers_.length(joint, 0), ffn = layers_.length(hidden, 0), head = 3 * tower_.head_width;
        const auto refuse = [&](const std::string& name, const std::string& expected, int found) {
            layers_.refuse(name, expected, std::to_string(found) + " rows");
        };
        if (rows % head != 0) refuse(joint, "rows of heads of " + std::to_string(tower_.head_width) + " channels", rows);
        else if (first && rows > 0 && rows / head != tower_.heads)
            refuse(joint, std::to_string(tower_.heads) + " heads, as the first layer is described", rows);
        if (first && ffn > 0 && ffn != tower_.ffn) refuse(hidden, std::to_string(tower_.ffn) + " rows, as the first layer is described", ffn);
        return {rows > 0 && rows % head == 0 ? rows / head : tower_.heads, ffn > 0 ? ffn : tower_.ffn};
    }

    std::string attended(const std::string& in, const std::string& x, const std::string& mask, int heads) {
        const auto attn = in + ".attn";
        const head_shape shape{heads, tower_.head_width, tokens_};
        const int width = heads * tower_.head_width;
        const auto read = layers_.layer_norm(in + ".ln_1", x, tower_.width, epsilon);
        const auto all = layers_.linear(attn + ".in_proj", read, attn + ".in_proj_weight", attn + ".in_proj_bias", tower_.width, 3 * width);
        return layers_.linear(attn + ".out_proj", layers_.attention(attn, layers_.joint_heads(attn, all, shape), mask, shape), width, tower_.width);
    }

    std::string fed_forward(const std::string& in, const std::string& x, int ffn) {
        const auto hidden = layers_.linear(in + ".mlp.c_fc", layers_.layer_norm(in + ".ln_2", x, tower_.width, epsilon), tower_.width, ffn);
        return layers_.linear(in + ".mlp.c_proj", layers_.activate(in + ".mlp.act", hidden, act_), ffn, tower_.width);
    }

    onnx_transformer_layers& layers_;
    tower tower_;
    activation act_;
    int tokens_;
};

} // namespace detail

/// The vision tower of a CLIP as a model of ONNX (operators of set 17): from `pixel_values` [batch, 3, S, S], preprocessed, to `image_embeds` [batch,
/// joint], not normalised, as `nn::encode_image`.
/// @param c with heads and feed-forward channels of the first layer, as `nn::config_of` gives them; those of the others are what their weights have,
/// as after pruning
/// @param weights under OpenCLIP's names, such as `nn::state_of` gives them; those of the text tower and the logit scale may be there and are left
/// out
/// @param batch images at once; 0 leaves it open
/// @throws input_error where the configuration is not well formed, weights of the tower are missing, do not fit, or belong to no CLIP, or the file
/// would have 2 GiB
[[nodiscard]] inline onnx::ModelProto vision_tower_to_onnx(const clip_config& c, const io::named_tensors& weights, int batch = 1) {
    detail::check_described(c);
    detail::onnx_transformer_layers layers{"clip_vision", weights, batch};
    const int width = c.vision.width, tokens = c.vision_tokens();
    auto x = layers.graph().input("pixel_values", {3, c.image, c.image});
    x = layers.patches("visual.conv1", x, "", 3, width, c.patch, c.image / c.patch);
    x = layers.with_class_token("visual.embedded", x, "visual.class_embedding", {width}, "visual.positional_embedding", {tokens, width});
    x = layers.layer_norm("visual.ln_pre", x, width, detail::onnx_clip_tower::epsilon);
    x = detail::onnx_clip_tower{layers, c.vision, c.nonlinearity, tokens}.blocks("visual.", x, "");
    x = layers.layer_norm("visual.ln_post", layers.token("visual.pooled", x, 0), width, detail::onnx_clip_tower::epsilon);
    layers.graph().output(layers.graph().node("MatMul", "image_embeds", {x, layers.weight("visual.proj", {width, c.joint})}), {c.joint});
    return std::move(layers).finish([](const std::string& name) {
        return name == "positional_embedding" || name == "text_projection" || name.starts_with("logit_") || name.starts_with("token_embedding.") ||
               name.starts_with("ln_final.") || name.starts_with("transformer.resblocks.");
    });
}

/// The text tower of a CLIP as a model of ONNX (operators of set 17): from `input_ids` [batch, context], whole numbers of 64 bits, to `text_embeds`
/// [batch, joint], not normalised, as `nn::encode_text`: of the token with the largest id, which ends the text. A token sees itself and those before
/// it; padding is not masked. Parameters and errors as of `vision_tower_to_onnx`, with text and vision exchanged.
[[nodiscard]] inline onnx::ModelProto text_tower_to_onnx(const clip_config& c, const io::named_tensors& weights, int batch = 1) {
    detail::check_described(c);
    detail::onnx_transformer_layers layers{"clip_text", weights, batch};
    const int width = c.text.width;
    const auto ids = layers.graph().integer_input("input_ids", {c.context});
    auto x = layers.embedding("token_embedding", ids, "token_embedding.weight", {c.vocabulary, width});
    x = layers.add("embedded", x, layers.weight("positional_embedding", {c.context, width}));
    x = detail::onnx_clip_tower{layers, c.text, c.nonlinearity, c.context}.blocks(
        "", x, layers.causal_mask("attn_mask", layers.places("places", c.context), c.context));
    x = layers.layer_norm("ln_final", layers.token_of_largest("pooled", x, ids), width, detail::onnx_clip_tower::epsilon);
    layers.graph().output(layers.graph().node("MatMul", "text_embeds", {x, layers.weight("text_projection", {width, c.joint})}), {c.joint});
    return std::move(layers).finish([](const std::string& name) { return name.starts_with("visual.") || name.starts_with("logit_"); });
}

} // namespace verdant::workload
