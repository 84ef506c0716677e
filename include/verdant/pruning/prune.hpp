#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/layer_choice.hpp>
#include <verdant/pruning/layer_units.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <c10/core/GradMode.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

/// Prunes a CLIP to a smaller configuration.
namespace verdant::supernet {

namespace detail {

/// Feed-forward blocks that stay of eight when `ffn` of `all` channels are asked for; rounded down to whole blocks.
[[nodiscard]] inline std::int64_t kept_ffn_blocks(std::int64_t all, std::int64_t ffn, std::string_view what) {
    if (all % ffn_blocks != 0)
        throw input_error{"pruning", what, "a feed-forward width that " + std::to_string(ffn_blocks) + " divides", std::to_string(all)};
    return ffn / (all / ffn_blocks);
}

/// Whether the target is no larger than the source; `what` is the tower.
inline void check_target(const workload::tower& source, const workload::tower& target, const std::string& what) {
    const auto check = [&what](const char* name, int most, int asked) {
        if (asked < 1 || asked > most) throw input_error{"pruning", what + " " + name, "1 to " + std::to_string(most), std::to_string(asked)};
    };
    check("layers", source.layers, target.layers);
    check("width", source.width, target.width);
    check("feed-forward width", source.ffn, target.ffn);
    check("heads", source.heads, target.heads);
}

/// The blocks of these layers with fewer feed-forward blocks, heads and channels. Rankings are indexed by the layer of the unpruned model.
[[nodiscard]] inline std::vector<nn::residual_block> prune_blocks(const std::vector<nn::residual_block>& blocks,
                                                                  const std::vector<std::size_t>& layers, const tower_importance& importance,
                                                                  const workload::tower& target, const std::string& what) {
    if (importance.ffn.size() != blocks.size() || importance.heads.size() != blocks.size())
        throw input_error{"importance ranking", what, "a list for each of " + std::to_string(blocks.size()) + " layers",
                          std::to_string(importance.ffn.size()) + " and " + std::to_string(importance.heads.size())};
    std::vector<nn::residual_block> out;
    for (const auto i : layers) {
        const auto& b = blocks[i];
        const auto place = what + " layer " + std::to_string(i);
        const auto all = b.c_fc.weight.size(0);
        const auto ffn = kept_units(importance.ffn[i], ffn_blocks, kept_ffn_blocks(all, target.ffn, place), place + " feed-forward blocks");
        const auto heads = kept_units(importance.heads[i], b.attn.heads, target.heads, place + " heads");
        out.push_back(keep_channels(keep_heads(keep_ffn_blocks(b, ffn), heads), target.width));
    }
    return out;
}

[[nodiscard]] inline std::vector<nn::residual_block> select_layers(const std::vector<nn::residual_block>& blocks,
                                                                   const std::vector<std::size_t>& kept) {
    std::vector<nn::residual_block> out;
    for (const auto i : kept) out.push_back(blocks[i]);
    return out;
}

/// Everything but the blocks, cut to the first channels; views.
template <class = instantiated_when_used>
[[nodiscard]] nn::clip_model narrowed_outside_blocks(const nn::clip_model& m, std::int64_t text, std::int64_t vision) {
    nn::clip_model out = m;
    const auto first = [](at::Tensor& t, std::int64_t axis, std::int64_t n) { t = t.slice(axis, 0, n); };
    first(out.text.token_embedding, 1, text);
    first(out.text.positional_embedding, 1, text);
    first(out.text.ln_final.weight, 0, text);
    first(out.text.ln_final.bias, 0, text);
    first(out.text.projection, 0, text);
    first(out.vision.class_embedding, 0, vision);
    first(out.vision.positional_embedding, 1, vision);
    first(out.vision.conv1, 0, vision);
    for (auto* norm : {&out.vision.ln_pre, &out.vision.ln_post}) {
        first(norm->weight, 0, vision);
        first(norm->bias, 0, vision);
    }
    first(out.vision.projection, 0, vision);
    return out;
}
VERDANT_DEFINED_ONCE(nn::clip_model narrowed_outside_blocks<>(const nn::clip_model&, std::int64_t, std::int64_t));

} // namespace detail

/// The pruned model of these dimensions, a copy of its own (CATransformers, eval/pruning.py): in every layer the least important
/// feed-forward blocks and heads go, then the last channels of the model, then the middle text layers and the vision layers that change
/// least. The width of a head stays, so that attention is heads * head width wide whatever the width of the model. The joint dimension,
/// image, patch, context and vocabulary stay too and are not looked at in `target`. A feed-forward width that is not a whole number of
/// eighths is rounded down to one.
/// @throws input_error if a dimension is larger than the model's or not positive, or if the ranking is that of another model
template <class = instantiated_when_used>
[[nodiscard]] nn::clip_model prune(const nn::clip_model& m, const clip_importance& importance, const workload::clip_config& target,
                                   const layer_probe& probe = {}) {
    const c10::AutoGradMode off{false};
    const auto source = nn::config_of(m);
    verdant::supernet::detail::check_target(source.text, target.text, "text");
    verdant::supernet::detail::check_target(source.vision, target.vision, "vision");
    auto out = verdant::supernet::detail::narrowed_outside_blocks(m, target.text.width, target.vision.width);
    out.text.blocks = verdant::supernet::detail::prune_blocks(m.text.blocks, outer_layers(source.text.layers, target.text.layers), importance.text,
                                                              target.text, "text");
    std::vector<std::size_t> all(m.vision.blocks.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto vision = verdant::supernet::detail::prune_blocks(m.vision.blocks, all, importance.vision, target.vision, "vision");
    if (target.vision.layers == source.vision.layers) out.vision.blocks = vision;
    else {
        const auto similarities = block_similarities(vision, target.vision.width, m.nonlinearity, probe);
        out.vision.blocks = verdant::supernet::detail::select_layers(vision, kept_layers(pruning_order(similarities), target.vision.layers));
    }
    return nn::clone(out);
}
VERDANT_DEFINED_ONCE(nn::clip_model prune<>(const nn::clip_model&, const clip_importance&, const workload::clip_config&, const layer_probe&));

/// The pruned model that a point of a space such as spaces::clip stands for.
template <search_space Space>
[[nodiscard]] nn::clip_model prune(const nn::clip_model& m, const clip_importance& importance, const point<Space>& p, const layer_probe& probe = {}) {
    return prune(m, importance, spaces::clip_of(p, nn::config_of(m)), probe);
}

} // namespace verdant::supernet
