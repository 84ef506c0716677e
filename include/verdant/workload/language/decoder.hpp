#pragma once

#include <verdant/error.hpp>
#include <verdant/workload/transformer/dimensions.hpp>
#include <verdant/workload/transformer/llama.hpp>

#include <cstdint>

/// Language models that write a text token by token, as what a token costs: the same few counts whatever the blocks are.
namespace verdant::workload {

/// Whether the last layer, which scores the words, has the numbers of the embedding or numbers of its own.
enum class output_embedding : unsigned char { own, tied };

/// What a language model keeps and computes, in numbers and operations (a multiply-accumulate is two). `decoder_of` makes it of a configuration; a
/// model of another kind fills it in itself.
struct decoder {
    std::int64_t layers = 0;
    std::int64_t width = 0; ///< channels of a token between layers
    std::int64_t layer_matrices = 0; ///< numbers of a layer that multiply every token
    std::int64_t other_weights = 0; ///< all numbers that are in no matrix: norms, biases, positions
    std::int64_t embedding = 0; ///< numbers of the table of words, of which a token reads one row
    output_embedding output = output_embedding::own;
    std::int64_t cache_per_token = 0; ///< keys and values of a token in all layers
    std::int64_t state_per_sequence = 0; ///< what a recurrence keeps in all layers, whatever the length
    std::int64_t attention_per_pair = 0; ///< operations of one token with one that it attends to, in all layers
    std::int64_t recurrence_per_token = 0; ///< operations outside matrices of one token in all layers
    std::int64_t sums_per_layer = 0; ///< sums of a width over devices that share every layer
    std::int64_t kernels_per_layer = 0; ///< launches, as run-times that fuse element-wise work have them

    /// Numbers of the layer that scores the words.
    [[nodiscard]] constexpr std::int64_t output_matrix() const { return embedding; }
    /// Trainable numbers: embedding, layers, the rest, and the output where it is not the embedding.
    [[nodiscard]] constexpr std::int64_t parameters() const {
        return (output == output_embedding::own ? 2 : 1) * embedding + layers * layer_matrices + other_weights;
    }

    friend constexpr bool operator==(const decoder&, const decoder&) = default;
};

/// Whether there is something to compute, no count is negative, and sums over all layers fit 64 bits.
[[nodiscard]] constexpr bool is_well_formed(const decoder& d) {
    for (const std::int64_t n : {d.other_weights, d.cache_per_token, d.state_per_sequence, d.attention_per_pair, d.recurrence_per_token,
                                 d.sums_per_layer, d.kernels_per_layer})
        if (n < 0) return false;
    if (!(d.layers > 0 && d.width > 0 && d.layer_matrices > 0 && d.embedding > 0)) return false;
    const auto number = [](std::int64_t n) { return static_cast<double>(n); };
    const double layers = number(d.layers), most = 9e18;
    return layers * number(d.layer_matrices) + 2 * number(d.embedding) + number(d.other_weights) < most &&
           layers * number(d.sums_per_layer) * number(d.width) < most && layers * number(d.kernels_per_layer) < most;
}

/// Llama as a language model: seven matrices and two norms a layer; keys and values of each token; the products of a head with keys and with values
/// are two operations a channel each (Touvron et al., arXiv 2302.13971; grouped queries: arXiv 2307.09288). The classifier of `llama_config` plays no
/// part.
/// @throws input_error if the configuration is not well formed
[[nodiscard]] constexpr decoder decoder_of(const llama_config& c, output_embedding output = output_embedding::own) {
    if (!is_well_formed(c)) throw input_error{"Llama configuration", "", "dimensions that are well formed", "others"};
    const std::int64_t width = c.width, norms = 2 * width, layers = c.layers;
    return {.layers = layers,
            .width = width,
            .layer_matrices = layer_parameters(c) - norms,
            .other_weights = layers * norms + width,
            .embedding = std::int64_t{c.vocabulary} * width,
            .output = output,
            .cache_per_token = layers * 2 * c.key_value_width(),
            .attention_per_pair = layers * 4 * width,
            .sums_per_layer = 2,
            // norm, q k v, rotary, attention, output, norm, gate and up, gating, down
            .kernels_per_layer = 9};
}

} // namespace verdant::workload
