#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/pruning/clip_importance.hpp>

#include <ATen/ops/empty.h>

#include <cstdint>
#include <span>
#include <utility>

/// Layers with some of their units (heads, feed-forward blocks, channels) only.
namespace verdant::supernet {

namespace detail {

/// Rows of the units with these indices, each `size` rows long, in the order of the indices.
[[nodiscard]] inline at::Tensor rows_of_units(std::span<const std::int64_t> units, std::int64_t size, at::Device device) {
    auto rows = at::empty({static_cast<std::int64_t>(units.size()) * size}, at::kLong);
    auto* out = rows.data_ptr<std::int64_t>();
    for (const auto unit : units)
        for (std::int64_t i = 0; i < size; ++i) *out++ = unit * size + i;
    return rows.to(device);
}

/// The joint projection as [3, Q, ...], whichever form it has.
[[nodiscard]] inline at::Tensor by_part(const at::Tensor& joint, std::int64_t axes) {
    return joint.dim() == axes ? joint : joint.unflatten(0, {3, joint.size(0) / 3});
}

} // namespace detail

/// A layer with the heads of these indices only, in this order. The width of a head stays.
template <class = instantiated_when_used>
[[nodiscard]] nn::residual_block keep_heads(nn::residual_block b, std::span<const std::int64_t> heads) {
    auto& a = b.attn;
    const auto rows = verdant::supernet::detail::rows_of_units(heads, nn::attention_width(a) / a.heads, a.in_proj_weight.device());
    a.in_proj_weight = verdant::supernet::detail::by_part(a.in_proj_weight, 3).index_select(1, rows).flatten(0, 1);
    a.in_proj_bias = verdant::supernet::detail::by_part(a.in_proj_bias, 2).index_select(1, rows).flatten(0, 1);
    a.out_proj.weight = a.out_proj.weight.index_select(1, rows);
    a.heads = static_cast<std::int64_t>(heads.size());
    return b;
}
VERDANT_DEFINED_ONCE(nn::residual_block keep_heads<>(nn::residual_block, std::span<const std::int64_t>));

/// A layer with the feed-forward channels of these indices only, in this order.
[[nodiscard]] inline nn::residual_block keep_ffn_rows(nn::residual_block b, const at::Tensor& rows) {
    b.c_fc = {b.c_fc.weight.index_select(0, rows), b.c_fc.bias.index_select(0, rows)};
    b.c_proj.weight = b.c_proj.weight.index_select(1, rows);
    return b;
}

/// A layer with the feed-forward blocks of these indices only, in this order; a block is an eighth of the feed-forward width.
[[nodiscard]] inline nn::residual_block keep_ffn_blocks(nn::residual_block b, std::span<const std::int64_t> blocks) {
    const auto rows = verdant::supernet::detail::rows_of_units(blocks, b.c_fc.weight.size(0) / ffn_blocks, b.c_fc.weight.device());
    return keep_ffn_rows(std::move(b), rows);
}

/// A layer with the first channels of the model only; views, and attention and feed-forward stay as wide as they are.
template <class = instantiated_when_used>
[[nodiscard]] nn::residual_block keep_channels(nn::residual_block b, std::int64_t width) {
    const auto first = [width](at::Tensor& t, std::int64_t axis) { t = t.slice(axis, 0, width); };
    for (auto* norm : {&b.ln_1, &b.ln_2}) {
        first(norm->weight, 0);
        first(norm->bias, 0);
    }
    first(b.attn.in_proj_weight, b.attn.in_proj_weight.dim() - 1);
    first(b.attn.out_proj.weight, 0);
    first(b.attn.out_proj.bias, 0);
    first(b.c_fc.weight, 1);
    first(b.c_proj.weight, 0);
    first(b.c_proj.bias, 0);
    return b;
}
VERDANT_DEFINED_ONCE(nn::residual_block keep_channels<>(nn::residual_block, std::int64_t));

} // namespace verdant::supernet
