#pragma once

#include <verdant/error.hpp>
#include <verdant/workload/language/decoder.hpp>
#include <verdant/workload/transformer/dimensions.hpp>

#include <cstdint>

/// Mamba as a language model: a state instead of a cache.
namespace verdant::workload {

/// Dimensions of a Mamba (Gu and Dao, arXiv 2312.00752, section 3.4 and appendix E.2; the embedding is tied to the output).
struct mamba_config {
    int layers = 64;
    int width = 2560;
    int expand = 2;      ///< inner channels = expand * width
    int state = 16;      ///< numbers that a channel keeps
    int convolution = 4; ///< tokens that the causal convolution sees
    int step_rank = 160; ///< of the projection to the step sizes: width / 16, rounded up
    int vocabulary = 50280;

    [[nodiscard]] constexpr int inner() const { return expand * width; }
    friend constexpr bool operator==(const mamba_config&, const mamba_config&) = default;
};

/// Whether every dimension is positive and within the limits of `dimensions.hpp`.
[[nodiscard]] constexpr bool is_well_formed(const mamba_config& c) {
    return all_within(most_layers, {c.layers}) && all_within(most_channels, {c.width, c.state, c.convolution, c.step_rank}) &&
           heads_fit(c.expand, c.width) && all_within(most_tokens, {c.vocabulary});
}

/// A layer's matrices are those to twice the inner channels, from them to step, B and C, from the step's rank back, and out. A token of the selective
/// scan (algorithm 2) costs nine operations a channel and state: the product of step and A, its exponential, that of step, B and the input (two), the
/// new state (two), its product with C, the sum and the skip; the convolution two a tap. What is kept is the state and the convolution's last inputs.
/// @throws input_error if the configuration is not well formed
[[nodiscard]] constexpr decoder decoder_of(const mamba_config& c) {
    if (!is_well_formed(c)) throw input_error{"Mamba configuration", "", "positive dimensions within limits", "others"};
    const std::int64_t width = c.width, inner = c.inner(), layers = c.layers, state = c.state, rank = c.step_rank;
    const std::int64_t others =
        inner * c.convolution + inner /* its bias */ + inner /* bias of the step */ + inner * state /* A */ + inner /* D */ + width /* norm */;
    return {.layers = layers,
            .width = width,
            .layer_matrices = 2 * width * inner + inner * (rank + 2 * state) + rank * inner + inner * width,
            .other_weights = layers * others + width,
            .embedding = c.vocabulary * width,
            .output = output_embedding::tied,
            .state_per_sequence = layers * inner * (state + c.convolution - 1),
            .recurrence_per_token = layers * inner * (9 * state + 2 * c.convolution),
            .sums_per_layer = 1,
            // norm, in, convolution, to step B C, step, scan, out
            .kernels_per_layer = 7};
}

} // namespace verdant::workload
