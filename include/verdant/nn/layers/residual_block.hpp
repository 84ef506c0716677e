#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/workload/transformer/transformer.hpp>

#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>

#include <array>
#include <cmath>
#include <cstdint>

/// A residual block of a transformer: attention and feed-forward part.
namespace verdant::nn {

/// Weight and bias of a linear layer or of a norm.
struct affine {
    at::Tensor weight, bias;
};

/// Self-attention whose inner width is independent of the model's: heads times the width of a head, as pruning leaves it.
struct attention {
    /// [3Q, E], rows of queries, keys and values in this order; or [3, Q, E], which lets a part of the heads of a larger model be a view.
    at::Tensor in_proj_weight;
    at::Tensor in_proj_bias; ///< [3Q] or [3, Q], as the weight
    affine out_proj;         ///< [E, Q], [E]
    std::int64_t heads = 1;  ///< divides Q
};

/// One layer of a CLIP tower.
struct residual_block {
    affine ln_1;
    attention attn;
    affine ln_2;
    affine c_fc;   ///< [F, E], [F]
    affine c_proj; ///< [E, F], [E]
};

/// Q, the width of the queries of all heads.
[[nodiscard]] inline std::int64_t attention_width(const attention& a) { return a.out_proj.weight.size(1); }

/// The norm of a transformer: over the last axis, biased variance. @param epsilon CLIP's by default
[[nodiscard]] inline at::Tensor layer_norm(const affine& norm, const at::Tensor& x, double epsilon = 1e-5) {
    return at::layer_norm(x, norm.weight.sizes(), norm.weight, norm.bias, epsilon);
}

/// The nonlinearity; quick_gelu is x * sigmoid(1.702 x), gelu the exact one.
[[nodiscard]] inline at::Tensor activate(workload::activation kind, const at::Tensor& x) {
    switch (kind) {
    case workload::activation::quick_gelu: return x * at::sigmoid(1.702 * x);
    case workload::activation::relu: return at::relu(x);
    default: return at::gelu(x);
    }
}

/// Queries, keys and values of x, [B, N, Q] each.
[[nodiscard]] inline std::array<at::Tensor, 3> project(const attention& a, const at::Tensor& x) {
    if (a.in_proj_weight.dim() == 2) {
        const auto all = at::linear(x, a.in_proj_weight, a.in_proj_bias).chunk(3, -1);
        return {all[0], all[1], all[2]};
    }
    const auto part = [&](std::int64_t i) { return at::linear(x, a.in_proj_weight.select(0, i), a.in_proj_bias.select(0, i)); };
    return {part(0), part(1), part(2)};
}

/// Multi-head self-attention: queries scaled by the inverse root of the head's width after the bias, softmax over the keys in 32 bits.
/// @param x [B, N, E]
/// @param mask added to the scores, [N, N]; an undefined tensor for none
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor attend(const attention& a, const at::Tensor& x, const at::Tensor& mask) {
    const auto batch = x.size(0), tokens = x.size(1), width = attention_width(a), head = width / a.heads;
    const auto by_head = [&](const at::Tensor& t) { return t.reshape({batch, tokens, a.heads, head}).transpose(1, 2); };
    const auto [queries, keys, values] = project(a, x);
    const auto scaled = queries * (1 / std::sqrt(static_cast<double>(head)));
    auto scores = at::matmul(by_head(scaled), by_head(keys).transpose(-2, -1));
    if (mask.defined()) scores = scores + mask.to(scores.scalar_type());
    const auto weights = at::softmax(scores, -1, at::kFloat).to(values.scalar_type());
    const auto mixed = at::matmul(weights, by_head(values)).transpose(1, 2).reshape({batch, tokens, width});
    return at::linear(mixed, a.out_proj.weight, a.out_proj.bias);
}
VERDANT_DEFINED_ONCE(at::Tensor attend<>(const attention&, const at::Tensor&, const at::Tensor&));

/// x + attention(norm(x)), then that + feed-forward(norm(that)). Without a mask every token sees every token.
[[nodiscard]] inline at::Tensor forward(const residual_block& b, const at::Tensor& x, const at::Tensor& mask, workload::activation nonlinearity) {
    const auto mixed = x + attend(b.attn, layer_norm(b.ln_1, x), mask);
    const auto hidden = activate(nonlinearity, at::linear(layer_norm(b.ln_2, mixed), b.c_fc.weight, b.c_fc.bias));
    return mixed + at::linear(hidden, b.c_proj.weight, b.c_proj.bias);
}

} // namespace verdant::nn
