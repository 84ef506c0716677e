#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

#include <string>
#include <string_view>

/// The spaces of truncated BERT, ViT and Llama of CATransformers.
namespace verdant::spaces {

/// Widths are cut in sixteenths of the base model's (CATransformers, optimization/optimizer_*_hf.py).
inline constexpr int transformer_blocks = 16;

/// What a search of truncated transformers varies. The original does not ship its bounds (its configurations_hf is missing), so they are
/// yours; the defaults go down to half of the base model, as the published search of CLIP does.
struct transformer_bounds {
    int base_ffn = 0;   ///< feed-forward width of the base model
    int base_width = 0; ///< width of the base model
    int least_layers = 1, most_layers = 1;
    int least_ffn_blocks = 8, most_ffn_blocks = transformer_blocks;     ///< of `transformer_blocks`
    int least_width_blocks = 8, most_width_blocks = transformer_blocks; ///< likewise
    bool even_heads = false; ///< whether the width of a head must be even, as a rotary embedding needs it

    [[nodiscard]] constexpr int ffn_block() const { return base_ffn / transformer_blocks; }
    [[nodiscard]] constexpr int width_block() const { return base_width / transformer_blocks; }
};

/// Whether sixteenths of the base are whole numbers, and every range is one of positive numbers within the base.
[[nodiscard]] constexpr bool is_sound(const transformer_bounds& b) {
    const auto within = [](int least, int most, int all) { return least >= 1 && least <= most && most <= all; };
    return b.base_ffn > 0 && b.base_width > 0 && b.base_ffn % transformer_blocks == 0 && b.base_width % transformer_blocks == 0 &&
           b.least_layers >= 1 && b.least_layers <= b.most_layers && within(b.least_ffn_blocks, b.most_ffn_blocks, transformer_blocks) &&
           within(b.least_width_blocks, b.most_width_blocks, transformer_blocks);
}

/// From half of a base model to the whole, for layers, feed-forward width and width.
template <class Config>
[[nodiscard]] constexpr transformer_bounds half_to_whole(const Config& base) {
    return {.base_ffn = base.ffn,
            .base_width = base.width,
            .least_layers = (base.layers + 1) / 2,
            .most_layers = base.layers,
            .even_heads = requires {base.key_value_heads;
}
}; // namespace verdant::spaces
}

/// The models that a BERT, ViT or Llama can be truncated to: parameters 1 to 4 of the searches of CarbonNAAS besides CLIP, in real dimensions.
/// A head is width / heads wide, so heads that do not divide the width are infeasible.
///
///     struct small_bert : transformer<half_to_whole(workload::bert_base_uncased), choices<6, 8, 12>> {};
///
/// @tparam Bounds what varies, see `transformer_bounds`
/// @tparam Heads  a domain of numbers of heads, `choices<...>`
template <transformer_bounds Bounds, class Heads>
struct transformer
    : space<param<"layers", range<Bounds.least_layers, Bounds.most_layers>>,
            param<"ffn", range<Bounds.least_ffn_blocks * Bounds.ffn_block(), Bounds.most_ffn_blocks * Bounds.ffn_block(), Bounds.ffn_block()>>,
            param<"width",
                  range<Bounds.least_width_blocks * Bounds.width_block(), Bounds.most_width_blocks * Bounds.width_block(), Bounds.width_block()>>,
            param<"heads", Heads>, where<var<"width"> % (val<(Bounds.even_heads ? 2 : 1)> * var<"heads">) == val<0>>> {
    static_assert(is_sound(Bounds),
                  "verdant: these bounds of a transformer are not sound; give a base that 16 divides, and ranges of at least 1 layer and of 1 "
                  "to 16 blocks, the lower number first");
};

/// Defaults: half of the model to the whole. Every width of theirs is a multiple of every number of heads, so all points are feasible.
struct bert_base : transformer<half_to_whole(workload::bert_base_uncased), choices<4, 6, 8, 12>> {};
struct vit_base : transformer<half_to_whole(workload::vit_base_patch16_224), choices<4, 6, 8, 12>> {};
struct llama_2_7b : transformer<half_to_whole(workload::llama_2_7b), choices<8, 16, 32>> {};
struct llama_3_1_8b : transformer<half_to_whole(workload::llama_3_1_8b), choices<8, 16, 32>> {};

/// A model below `model` and an accelerator below `hw`: what the four searches besides CLIP search. Derive a struct of your own from it.
/// @tparam Model a space such as `bert_base`
template <search_space Model, search_space Hardware = accelerator>
struct transformer_codesign : space<nest<"model", Model>, nest<"hw", Hardware>> {};

namespace detail {

template <class Space>
[[nodiscard]] consteval bool names_transformer() {
    for (const std::string_view name : {"layers", "ffn", "width", "heads"})
        if (view_of<Space>.find(name) == parameter_count<Space>) return false;
    return true;
}
template <class Space>
inline constexpr bool has_transformer = names_transformer<Space>();

} // namespace detail

/// A space with the four parameters of `spaces::transformer`, for example `fix<bert_base, "heads", 12>`.
template <class Space>
concept transformer_space = search_space<Space> && verdant::spaces::detail::has_transformer<Space>;

/// The configuration that a point stands for.
/// @param base gives what the space does not vary, `workload::bert_config`, `vit_config` or `llama_config`. Heads of a Llama that read the
///             same keys and values stay as many.
/// @throws input_error if the number of heads is no multiple of those. Whether the outcome is well formed is checked where it is used.
template <transformer_space Space, class Config>
[[nodiscard]] constexpr Config transformer_of(const point<Space>& p, Config base) {
    if constexpr (requires { base.key_value_heads; }) {
        const int shared = base.heads / base.key_value_heads, heads = p.template get<"heads">();
        if (heads % shared != 0) throw input_error{"point", "heads", "a multiple of " + std::to_string(shared), std::to_string(heads)};
        base.key_value_heads = heads / shared;
    }
    base.layers = p.template get<"layers">();
    base.ffn = p.template get<"ffn">();
    base.width = p.template get<"width">();
    base.heads = p.template get<"heads">();
    return base;
}

} // namespace verdant::spaces
