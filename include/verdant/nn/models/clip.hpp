#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <ATen/ops/empty.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// CLIP as a plain struct of tensors.
namespace verdant::nn {

/// The text side of a CLIP; w is its width, J the joint dimension.
struct clip_text {
    at::Tensor token_embedding;      ///< [vocabulary, w]
    at::Tensor positional_embedding; ///< [context, w]
    std::vector<residual_block> blocks;
    affine ln_final;
    at::Tensor projection; ///< [w, J]
};

/// The vision side; W is its width, P the patch.
struct clip_vision {
    at::Tensor class_embedding;      ///< [W]
    at::Tensor positional_embedding; ///< [patches + 1, W]
    at::Tensor conv1;                ///< [W, 3, P, P], no bias
    affine ln_pre;
    std::vector<residual_block> blocks;
    affine ln_post;
    at::Tensor projection; ///< [W, J]
};

/// How a block is run: x [B, N, E] and the mask as for `forward`.
using block_runner = at::Tensor (*)(const residual_block& b, const at::Tensor& x, const at::Tensor& mask, workload::activation nonlinearity);

/// A CLIP of the OpenCLIP family: a plain struct of tensors. Copies share their tensors as tensors do; `clone` copies them.
struct clip_model {
    clip_text text;
    clip_vision vision;
    at::Tensor logit_scale; ///< [], logarithm
    at::Tensor logit_bias;  ///< [] in models trained with the sigmoid loss, otherwise undefined
    workload::activation nonlinearity = workload::activation::gelu;
    block_runner run_block = &forward; ///< another way to the same outcome, see `use_gradient_checkpointing`
};

namespace detail {

template <class Block, class Visitor>
void visit_block(Block& b, const std::string& prefix, Visitor& visit) {
    visit(prefix + "ln_1.weight", b.ln_1.weight);
    visit(prefix + "ln_1.bias", b.ln_1.bias);
    visit(prefix + "attn.in_proj_weight", b.attn.in_proj_weight);
    visit(prefix + "attn.in_proj_bias", b.attn.in_proj_bias);
    visit(prefix + "attn.out_proj.weight", b.attn.out_proj.weight);
    visit(prefix + "attn.out_proj.bias", b.attn.out_proj.bias);
    visit(prefix + "ln_2.weight", b.ln_2.weight);
    visit(prefix + "ln_2.bias", b.ln_2.bias);
    visit(prefix + "mlp.c_fc.weight", b.c_fc.weight);
    visit(prefix + "mlp.c_fc.bias", b.c_fc.bias);
    visit(prefix + "mlp.c_proj.weight", b.c_proj.weight);
    visit(prefix + "mlp.c_proj.bias", b.c_proj.bias);
}

template <class Blocks, class Visitor>
void visit_blocks(Blocks& blocks, const std::string& prefix, Visitor& visit) {
    for (std::size_t i = 0; i < blocks.size(); ++i) visit_block(blocks[i], prefix + "transformer.resblocks." + std::to_string(i) + ".", visit);
}

[[nodiscard]] inline nn::residual_block empty_block(const workload::tower& t, const at::TensorOptions& o) {
    const std::int64_t width = t.width, ffn = t.ffn, attention = std::int64_t{t.heads} * t.head_width;
    const auto norm = [&] { return nn::affine{at::empty({width}, o), at::empty({width}, o)}; };
    return {.ln_1 = norm(),
            .attn = {at::empty({3 * attention, width}, o),
                     at::empty({3 * attention}, o),
                     {at::empty({width, attention}, o), at::empty({width}, o)},
                     t.heads},
            .ln_2 = norm(),
            .c_fc = {at::empty({ffn, width}, o), at::empty({ffn}, o)},
            .c_proj = {at::empty({width, ffn}, o), at::empty({width}, o)}};
}

[[nodiscard]] inline workload::tower tower_of(const std::vector<nn::residual_block>& blocks, std::int64_t width) {
    workload::tower t{.layers = static_cast<int>(blocks.size()), .width = static_cast<int>(width), .ffn = 0, .heads = 0};
    if (blocks.empty()) return t;
    t.ffn = static_cast<int>(blocks.front().c_fc.weight.size(0));
    t.heads = static_cast<int>(blocks.front().attn.heads);
    t.head_width = static_cast<int>(nn::attention_width(blocks.front().attn)) / t.heads;
    return t;
}

} // namespace detail

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(nn::clip_model& m, tensor_visitor visit) {
    visit(std::string{"positional_embedding"}, m.text.positional_embedding);
    visit(std::string{"text_projection"}, m.text.projection);
    visit(std::string{"logit_scale"}, m.logit_scale);
    if (m.logit_bias.defined()) visit(std::string{"logit_bias"}, m.logit_bias);
    visit(std::string{"visual.class_embedding"}, m.vision.class_embedding);
    visit(std::string{"visual.positional_embedding"}, m.vision.positional_embedding);
    visit(std::string{"visual.proj"}, m.vision.projection);
    visit(std::string{"visual.conv1.weight"}, m.vision.conv1);
    visit(std::string{"visual.ln_pre.weight"}, m.vision.ln_pre.weight);
    visit(std::string{"visual.ln_pre.bias"}, m.vision.ln_pre.bias);
    visit_blocks(m.vision.blocks, "visual.", visit);
    visit(std::string{"visual.ln_post.weight"}, m.vision.ln_post.weight);
    visit(std::string{"visual.ln_post.bias"}, m.vision.ln_post.bias);
    visit_blocks(m.text.blocks, "", visit);
    visit(std::string{"token_embedding.weight"}, m.text.token_embedding);
    visit(std::string{"ln_final.weight"}, m.text.ln_final.weight);
    visit(std::string{"ln_final.bias"}, m.text.ln_final.bias);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(nn::clip_model&, tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor)` for every parameter under its name in OpenCLIP's checkpoints, in their order.
template <class Model, class Visitor>
    requires std::same_as<std::remove_const_t<Model>, clip_model>
void for_each_parameter(Model& m, Visitor&& visit) {
    detail::visit_tensors(const_cast<clip_model&>(m), detail::tensor_visitor::of<Model>(visit));
}

/// A model of these dimensions with tensors of no particular content; on at::kMeta it has shapes only and costs nothing.
template <class = instantiated_when_used>
[[nodiscard]] clip_model empty_clip(const workload::clip_config& c, const at::TensorOptions& o = at::kFloat) {
    const std::int64_t text = c.text.width, vision = c.vision.width, joint = c.joint;
    clip_model m;
    m.nonlinearity = c.nonlinearity;
    m.logit_scale = at::empty({}, o);
    m.text = {at::empty({c.vocabulary, text}, o),
              at::empty({c.context, text}, o),
              {},
              {at::empty({text}, o), at::empty({text}, o)},
              at::empty({text, joint}, o)};
    m.vision = {at::empty({vision}, o),
                at::empty({c.vision_tokens(), vision}, o),
                at::empty({vision, 3, c.patch, c.patch}, o),
                {at::empty({vision}, o), at::empty({vision}, o)},
                {},
                {at::empty({vision}, o), at::empty({vision}, o)},
                at::empty({vision, joint}, o)};
    for (int i = 0; i < c.text.layers; ++i) m.text.blocks.push_back(detail::empty_block(c.text, o));
    for (int i = 0; i < c.vision.layers; ++i) m.vision.blocks.push_back(detail::empty_block(c.vision, o));
    return m;
}
VERDANT_DEFINED_ONCE(clip_model empty_clip<>(const workload::clip_config&, const at::TensorOptions&));

/// The dimensions of a model; those of its first blocks where blocks differ.
template <class = instantiated_when_used>
[[nodiscard]] workload::clip_config config_of(const clip_model& m) {
    const auto patch = static_cast<int>(m.vision.conv1.size(2)), patches = static_cast<int>(m.vision.positional_embedding.size(0)) - 1;
    int side = 0;
    while ((side + 1) * (side + 1) <= patches) ++side;
    return {.text = detail::tower_of(m.text.blocks, m.text.projection.size(0)),
            .vision = detail::tower_of(m.vision.blocks, m.vision.projection.size(0)),
            .patch = patch,
            .joint = static_cast<int>(m.text.projection.size(1)),
            .image = side * patch,
            .context = static_cast<int>(m.text.positional_embedding.size(0)),
            .vocabulary = static_cast<int>(m.text.token_embedding.size(0)),
            .nonlinearity = m.nonlinearity};
}
VERDANT_DEFINED_ONCE(workload::clip_config config_of<>(const clip_model&));

/// A model with copies of all tensors, dense, without history, not yet trainable.
[[nodiscard]] inline clip_model clone(const clip_model& m) {
    clip_model copy = m;
    for_each_parameter(copy, [](const std::string&, at::Tensor& t) { t = t.detach().clone(at::MemoryFormat::Contiguous); });
    return copy;
}

/// The model on another device or in another type of numbers.
[[nodiscard]] inline clip_model to(const clip_model& m, at::Device device, at::ScalarType type) {
    clip_model moved = m;
    for_each_parameter(moved, [&](const std::string&, at::Tensor& t) { t = t.detach().to(device, type); });
    return moved;
}

/// Makes every parameter trainable, or none.
inline void require_grad(clip_model& m, bool on = true) {
    for_each_parameter(m, [on](const std::string&, at::Tensor& t) { t.set_requires_grad(on); });
}

} // namespace verdant::nn
