#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/layer_units.hpp>

#include <ATen/ops/topk.h>
#include <c10/core/GradMode.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

/// Trims heads, feed-forward blocks and layers off a CLIP.
namespace verdant::supernet {

namespace detail {

/// All of 0 to count - 1 but one. @throws input_error if that one is not among them
[[nodiscard]] inline std::vector<std::int64_t> all_but(std::int64_t count, std::int64_t one, const std::string& what) {
    if (one < 0 || one >= count || count < 2)
        throw input_error{"pruning", what, "one of several, 0 to " + std::to_string(count - 1), std::to_string(one)};
    std::vector<std::int64_t> out;
    for (std::int64_t i = 0; i < count; ++i)
        if (i != one) out.push_back(i);
    return out;
}

} // namespace detail

// Other ways to prune (CATransformers, eval/pruning.py: trim_*). They act on the layers of one tower, model.text.blocks or
// model.vision.blocks, in place; tensors are replaced, never written to, so that a copy of the model keeps its own.

/// Without one head. @throws input_error if there is no such head, or no other
template <class = instantiated_when_used>
void remove_head(nn::residual_block& b, std::int64_t head) {
    const c10::AutoGradMode off{false};
    b = keep_heads(b, verdant::supernet::detail::all_but(b.attn.heads, head, "head"));
}
VERDANT_DEFINED_ONCE(void remove_head<>(nn::residual_block&, std::int64_t));

/// Without one of the feed-forward blocks, of which there are eight. @throws input_error if there is no such block
template <class = instantiated_when_used>
void remove_ffn_block(nn::residual_block& b, std::int64_t block) {
    const c10::AutoGradMode off{false};
    if (b.c_fc.weight.size(0) % ffn_blocks != 0)
        throw input_error{"pruning", "feed-forward block", "a feed-forward width that 8 divides", std::to_string(b.c_fc.weight.size(0))};
    b = keep_ffn_blocks(b, verdant::supernet::detail::all_but(ffn_blocks, block, "feed-forward block"));
}
VERDANT_DEFINED_ONCE(void remove_ffn_block<>(nn::residual_block&, std::int64_t));

/// Without one layer. @throws input_error if there is no such layer, or no other
inline void remove_layer(std::vector<nn::residual_block>& blocks, std::int64_t layer) {
    (void)verdant::supernet::detail::all_but(static_cast<std::int64_t>(blocks.size()), layer, "layer");
    blocks.erase(blocks.begin() + layer);
}

/// Keeps the first heads of every layer.
template <class = instantiated_when_used>
void keep_first_heads(std::vector<nn::residual_block>& blocks, std::int64_t heads) {
    const c10::AutoGradMode off{false};
    for (auto& b : blocks) {
        if (heads < 1 || heads > b.attn.heads) throw input_error{"pruning", "heads", "1 to " + std::to_string(b.attn.heads), std::to_string(heads)};
        std::vector<std::int64_t> first;
        for (std::int64_t i = 0; i < heads; ++i) first.push_back(i);
        b = keep_heads(b, first);
    }
}
VERDANT_DEFINED_ONCE(void keep_first_heads<>(std::vector<nn::residual_block>&, std::int64_t));

/// Keeps, in every layer, the feed-forward channels whose smallest weight in c_fc, by magnitude, is largest: structured pruning by the norm
/// of order minus infinity. The original calls it trim_ffn_back, though it is not the last rows that go. Their order stays.
template <class = instantiated_when_used>
void keep_strongest_ffn(std::vector<nn::residual_block>& blocks, std::int64_t ffn) {
    const c10::AutoGradMode off{false};
    for (auto& b : blocks) {
        if (ffn < 1 || ffn > b.c_fc.weight.size(0))
            throw input_error{"pruning", "feed-forward width", "1 to " + std::to_string(b.c_fc.weight.size(0)), std::to_string(ffn)};
        const auto strongest = std::get<1>(at::topk(b.c_fc.weight.detach().abs().amin(1), ffn));
        b = keep_ffn_rows(b, std::get<0>(strongest.sort()));
    }
}
VERDANT_DEFINED_ONCE(void keep_strongest_ffn<>(std::vector<nn::residual_block>&, std::int64_t));

} // namespace verdant::supernet
