#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <cmath>
#include <cstdint>
#include <limits>

/// Attention by heads, with masks.
namespace verdant::nn {

/// [B, N, heads * d] as [B, heads, N, d].
[[nodiscard]] inline at::Tensor split_heads(const at::Tensor& x, std::int64_t heads) {
    return x.unflatten(-1, {heads, x.size(2) / heads}).transpose(1, 2);
}

/// [B, heads, N, d] with every head `times` times in a row, as several queries read the same keys and values.
[[nodiscard]] inline at::Tensor repeat_heads(const at::Tensor& x, std::int64_t times) {
    if (times == 1) return x;
    return x.unsqueeze(2).expand({x.size(0), x.size(1), times, x.size(2), x.size(3)}).reshape({x.size(0), x.size(1) * times, x.size(2), x.size(3)});
}

/// In 32 bits at least, as norms and softmax are computed whatever the model's numbers.
[[nodiscard]] inline at::Tensor widened(const at::Tensor& x) { return x.scalar_type() == at::kDouble ? x : x.to(at::kFloat); }

/// Attention over split heads: softmax(q k' / sqrt(d) + mask) v, the softmax in 32 bits. Gives [B, N, heads * d].
/// @param mask broadcasts to [B, heads, N, N]; an undefined tensor for none
[[nodiscard]] inline at::Tensor head_attention(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values, const at::Tensor& mask) {
    auto scores = at::matmul(queries, keys.transpose(-2, -1)) / std::sqrt(static_cast<double>(queries.size(3)));
    if (mask.defined()) scores = scores + mask.to(scores.scalar_type());
    const auto weights = at::softmax(widened(scores), -1).to(values.scalar_type());
    return at::matmul(weights, values).transpose(1, 2).flatten(2);
}

/// What masks add where nothing may be read: the lowest finite number, so that a row in which everything is masked stays a number.
[[nodiscard]] inline double lowest(at::ScalarType type) {
    if (type == at::kHalf) return -65504;
    if (type == at::kBFloat16) return -3.3895313892515355e38;
    return std::numeric_limits<float>::lowest();
}

/// [B, 1, 1, N], to be added to scores: tokens whose entry in `attention_mask` [B, N] is 0 are read by none. Undefined for an undefined mask.
[[nodiscard]] inline at::Tensor padding_mask(const at::Tensor& attention_mask, at::ScalarType type = at::kFloat) {
    if (!attention_mask.defined()) return {};
    return attention_mask.eq(0).unsqueeze(1).unsqueeze(1).to(type) * lowest(type);
}

/// [B or 1, 1, N, N]: a token reads itself and those before it that are not padding.
/// @param attention_mask [B, N], 0 at padding; undefined for none
[[nodiscard]] inline at::Tensor causal_padding_mask(const at::Tensor& attention_mask, std::int64_t tokens, const at::TensorOptions& options) {
    const auto type = at::typeMetaToScalarType(options.dtype());
    auto masked = at::full({tokens, tokens}, 1, options.dtype(at::kLong)).triu(1).to(at::kBool).unsqueeze(0).unsqueeze(0);
    if (attention_mask.defined()) masked = masked.logical_or(attention_mask.eq(0).unsqueeze(1).unsqueeze(1));
    return masked.to(type) * lowest(type);
}

} // namespace verdant::nn
