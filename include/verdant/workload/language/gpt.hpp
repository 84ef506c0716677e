#pragma once

#include <verdant/error.hpp>
#include <verdant/workload/language/decoder.hpp>
#include <verdant/workload/transformer/dimensions.hpp>

#include <cstdint>

/// GPT-2 and GPT-3 as language models.
namespace verdant::workload {

/// Dimensions of a GPT: learned positions, biases everywhere, the output tied to the embedding (Radford et al. 2019; GPT-3: arXiv 2005.14165, table
/// 2.1).
struct gpt_config {
    int layers = 12;
    int width = 768;
    int ffn = 3072;
    int heads = 12; ///< must divide the width
    int vocabulary = 50257;
    int positions = 1024;

    friend constexpr bool operator==(const gpt_config&, const gpt_config&) = default;
};

/// Whether every dimension is positive and within the limits of `dimensions.hpp`, and the heads divide the width.
[[nodiscard]] constexpr bool is_well_formed(const gpt_config& c) {
    return all_within(most_layers, {c.layers}) && all_within(most_channels, {c.width, c.ffn, c.heads}) && c.width % c.heads == 0 &&
           all_within(most_tokens, {c.vocabulary, c.positions});
}

/// Four matrices of the attention and two of the feed-forward block a layer, with biases; two norms of a gain and a bias.
/// @throws input_error if the configuration is not well formed
[[nodiscard]] constexpr decoder decoder_of(const gpt_config& c) {
    if (!is_well_formed(c)) throw input_error{"GPT configuration", "", "positive dimensions within limits, heads that divide the width", "others"};
    const std::int64_t width = c.width, ffn = c.ffn, layers = c.layers;
    const std::int64_t biases_and_norms = 4 * width + ffn + width + 4 * width;
    return {.layers = layers,
            .width = width,
            .layer_matrices = 4 * width * width + 2 * width * ffn,
            .other_weights = layers * biases_and_norms + 2 * width + c.positions * width,
            .embedding = c.vocabulary * width,
            .output = output_embedding::tied,
            .cache_per_token = layers * 2 * width,
            .attention_per_pair = layers * 4 * width,
            .sums_per_layer = 2,
            // norm, q k v, attention, output, norm, in, GELU, out
            .kernels_per_layer = 8};
}

} // namespace verdant::workload
