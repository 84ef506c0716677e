#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/strided_copy.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/tensor_naming.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace verdant::nn {

namespace detail {

/// How a tensor of a checkpoint becomes one of a model.
enum class tensor_change : std::uint8_t {
    none,
    transposed, ///< a projection that was saved as a linear layer, [outputs, inputs]
    query,      ///< the first of three parts, stacked
    key,
    value,
};

/// What OpenCLIP's plain model calls a tensor; an empty name for what is not a parameter.
struct clip_name {
    std::string name;
    tensor_change change = tensor_change::none;
};

/// The number that a text begins with and what is behind it and a dot, where it begins so.
[[nodiscard]] inline std::optional<std::pair<std::string_view, std::string_view>> numbered(std::string_view text) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits == text.size() || text[digits] != '.') return std::nullopt;
    return std::pair{text.substr(0, digits), text.substr(digits + 1)};
}

/// Of OpenCLIP's names, those of models with a text tower of their own (`text.`) too; nothing for others.
[[nodiscard]] inline std::optional<clip_name> of_open_clip(std::string_view name) {
    constexpr std::array<std::string_view, 15> single{
        "positional_embedding", "text_projection",   "logit_scale",         "logit_bias",           "visual.class_embedding", "visual.positional_embedding",
        "visual.proj",          "visual.conv1.weight", "visual.ln_pre.weight", "visual.ln_pre.bias", "visual.ln_post.weight",  "visual.ln_post.bias",
        "token_embedding.weight", "ln_final.weight", "ln_final.bias"};
    constexpr std::array<std::string_view, 12> of_block{"ln_1.weight",          "ln_1.bias",          "attn.in_proj_weight", "attn.in_proj_bias",
                                                        "attn.out_proj.weight", "attn.out_proj.bias", "ln_2.weight",         "ln_2.bias",
                                                        "mlp.c_fc.weight",      "mlp.c_fc.bias",      "mlp.c_proj.weight",   "mlp.c_proj.bias"};
    // TorchScript archives hold these numbers too, and some checkpoints the causal mask.
    constexpr std::array<std::string_view, 4> numbers{"input_resolution", "context_length", "vocab_size", "attn_mask"};
    const auto among = [](const auto& names, std::string_view one) { return std::find(names.begin(), names.end(), one) != names.end(); };
    if (name.starts_with("text.")) name.remove_prefix(5);
    if (name.empty()) return std::nullopt;
    if (among(single, name)) return clip_name{std::string{name}};
    if (among(numbers, name)) return clip_name{};
    if (name == "text_projection.weight" || name == "visual.proj.weight")
        return clip_name{std::string{name.substr(0, name.rfind('.'))}, tensor_change::transposed};
    constexpr std::string_view blocks = "transformer.resblocks.";
    auto rest = name.starts_with("visual.") ? name.substr(7) : name;
    if (!rest.starts_with(blocks)) return std::nullopt;
    const auto block = numbered(rest.substr(blocks.size()));
    if (!block || !among(of_block, block->second)) return std::nullopt;
    return clip_name{std::string{name}};
}

/// Of the names of Hugging Face's CLIPModel (transformers, models/clip/modeling_clip.py); nothing for others.
[[nodiscard]] inline std::optional<clip_name> of_hugging_face(std::string_view name) {
    struct pair {
        std::string_view theirs, ours;
    };
    if (name == "visual_projection.weight") return clip_name{"visual.proj", tensor_change::transposed};
    const bool vision = name.starts_with("vision_model.");
    if (!vision && !name.starts_with("text_model.")) return std::nullopt; // `text_projection.weight` and `logit_scale` are OpenCLIP's too
    const std::string tower = vision ? "visual." : "";
    auto rest = name.substr(vision ? 13 : 11);
    if (rest == "embeddings.position_ids") return clip_name{};
    constexpr std::array<pair, 3> of_vision{{{"embeddings.class_embedding", "class_embedding"},
                                             {"embeddings.patch_embedding.weight", "conv1.weight"},
                                             {"embeddings.position_embedding.weight", "positional_embedding"}}};
    constexpr std::array<pair, 2> of_text{
        {{"embeddings.token_embedding.weight", "token_embedding.weight"}, {"embeddings.position_embedding.weight", "positional_embedding"}}};
    if (vision) {
        for (const auto& [theirs, ours] : of_vision)
            if (rest == theirs) return clip_name{tower + std::string{ours}};
    } else {
        for (const auto& [theirs, ours] : of_text)
            if (rest == theirs) return clip_name{std::string{ours}};
    }
    const auto dot = rest.rfind('.');
    if (dot == rest.npos) return std::nullopt;
    const std::string_view end = rest.substr(dot); // `.weight`, `.bias`
    if (end != ".weight" && end != ".bias") return std::nullopt;
    const auto layer = rest.substr(0, dot);
    // The first is how transformers spells it.
    if (vision && (layer == "pre_layrnorm" || layer == "pre_layernorm")) return clip_name{"visual.ln_pre" + std::string{end}};
    if (vision && layer == "post_layernorm") return clip_name{"visual.ln_post" + std::string{end}};
    if (!vision && layer == "final_layer_norm") return clip_name{"ln_final" + std::string{end}};
    constexpr std::string_view blocks = "encoder.layers.";
    if (!layer.starts_with(blocks)) return std::nullopt;
    const auto block = numbered(layer.substr(blocks.size()));
    if (!block) return std::nullopt;
    const auto stem = tower + "transformer.resblocks." + std::string{block->first} + ".";
    constexpr std::array<pair, 5> of_block{{{"layer_norm1", "ln_1"},
                                            {"layer_norm2", "ln_2"},
                                            {"mlp.fc1", "mlp.c_fc"},
                                            {"mlp.fc2", "mlp.c_proj"},
                                            {"self_attn.out_proj", "attn.out_proj"}}};
    for (const auto& [theirs, ours] : of_block)
        if (block->second == theirs) return clip_name{stem + std::string{ours} + std::string{end}};
    const auto joint = stem + (end == ".weight" ? "attn.in_proj_weight" : "attn.in_proj_bias");
    if (block->second == "self_attn.q_proj") return clip_name{joint, tensor_change::query};
    if (block->second == "self_attn.k_proj") return clip_name{joint, tensor_change::key};
    if (block->second == "self_attn.v_proj") return clip_name{joint, tensor_change::value};
    return std::nullopt;
}

[[nodiscard]] inline std::optional<clip_name> clip_name_of(std::string_view name) {
    if (auto found = of_open_clip(name)) return found;
    return of_hugging_face(name);
}

[[nodiscard]] inline io::tensor_outline with_shape(io::tensor_outline&& t, io::tensor_shape shape) { return {t.type(), std::move(shape)}; }
[[nodiscard]] inline io::tensor_data with_shape(io::tensor_data&& t, io::tensor_shape shape) {
    const auto type = t.type();
    return {type, std::move(shape), std::move(t).bytes()};
}

[[nodiscard]] inline io::tensor_outline transposed(const io::tensor_outline& t) { return {t.type(), {t.shape()[1], t.shape()[0]}}; }
[[nodiscard]] inline io::tensor_data transposed(const io::tensor_data& t) {
    return io::strided_copy({.type = t.type(), .shape = {t.shape()[1], t.shape()[0]}, .strides = {1, t.shape()[1]}}, t.content());
}

/// The rows of three tensors, one after the other. @pre they have one type, and one shape
[[nodiscard]] inline io::tensor_outline stacked(const std::array<std::optional<io::tensor_outline>, 3>& parts) {
    auto shape = parts[0]->shape();
    shape[0] *= 3;
    return {parts[0]->type(), std::move(shape)};
}
[[nodiscard]] inline io::tensor_data stacked(const std::array<std::optional<io::tensor_data>, 3>& parts) {
    auto shape = parts[0]->shape();
    shape[0] *= 3;
    io::byte_vector all;
    all.reserve(3 * parts[0]->content().size());
    for (const auto& p : parts) all.insert(all.end(), p->content().begin(), p->content().end());
    return {parts[0]->type(), std::move(shape), std::move(all)};
}

/// A tensor without the axes of one element that some programs put around numbers and tables.
template <class Tensor>
[[nodiscard]] Tensor squeezed(Tensor t, std::string_view name) {
    const auto axes = name == "logit_scale" || name == "logit_bias" ? 0U : name == "visual.class_embedding" ? 1U : name.ends_with("positional_embedding") ? 2U : 64U;
    auto shape = t.shape();
    while (shape.size() > axes && shape.front() == 1) shape.erase(shape.begin());
    return shape == t.shape() ? std::move(t) : with_shape(std::move(t), std::move(shape));
}

/// What a checkpoint holds, under the names of OpenCLIP's plain model, in its shapes: wrappers are gone, Hugging Face's queries, keys and values are
/// one tensor, and projections that were saved as linear layers are transposed. What no CLIP has keeps its name.
template <class Tensor>
[[nodiscard]] io::basic_named_tensors<Tensor> plainly_named(io::basic_named_tensors<Tensor> state) {
    auto bare = io::unwrapped(std::move(state), [](const std::string& name) { return clip_name_of(name).has_value(); });
    io::basic_named_tensors<Tensor> out{bare.source_name()};
    struct attention {
        std::string written;
        std::array<std::optional<Tensor>, 3> parts;
    };
    std::map<std::string, attention> attentions;
    for (auto& [written, value] : std::move(bare).entries()) {
        auto known = clip_name_of(written);
        if (!known) out.add(std::move(written), std::move(value));
        else if (known->name.empty()) continue;
        else if (known->change == tensor_change::none) out.add(known->name, squeezed(std::move(value), known->name));
        else if (known->change == tensor_change::transposed) {
            if (value.shape().size() != 2) throw input_error{out.source_name(), "tensor " + written, "a matrix", io::shape_text(value.shape())};
            out.add(std::move(known->name), transposed(value));
        } else {
            auto& joint = attentions[known->name];
            const auto part = static_cast<std::size_t>(known->change) - static_cast<std::size_t>(tensor_change::query);
            if (value.shape().empty()) throw input_error{out.source_name(), "tensor " + written, "at least one axis", "a number"};
            joint.parts[part] = std::move(value);
            joint.written = std::move(written);
            const auto& p = joint.parts;
            if (!p[0] || !p[1] || !p[2]) continue;
            for (const auto i : {1U, 2U})
                if (p[i]->shape() != p[0]->shape() || p[i]->type() != p[0]->type())
                    throw input_error{out.source_name(), "tensor " + joint.written, "query, key and value of one shape and type",
                                      io::shape_text(p[i]->shape()) + " beside " + io::shape_text(p[0]->shape())};
            out.add(known->name, stacked(p));
            attentions.erase(known->name);
        }
    }
    if (!attentions.empty())
        throw input_error{out.source_name(), "tensor " + attentions.begin()->second.written, "query, key and value beside each other",
                          "not all three"};
    return out;
}

} // namespace detail

} // namespace verdant::nn
