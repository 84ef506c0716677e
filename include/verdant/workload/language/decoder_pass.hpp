#pragma once

#include <verdant/error.hpp>
#include <verdant/workload/language/decoder.hpp>

#include <span>
#include <string>

/// What a language model computes and moves when it reads a prompt, writes the next token, or does both for many texts at once.
namespace verdant::workload {

/// Some tokens of some texts that go through the model at once. Counts are means, so they need not be whole.
struct decoder_pass {
    double sequences = 0; ///< texts
    double tokens = 0;    ///< of each that are new
    double context = 0;   ///< of each that were there before, and that the new ones attend to
    double scored = 1;    ///< tokens of each whose next word is wanted
};

/// Reading prompts: all tokens at once, one next word each.
[[nodiscard]] constexpr decoder_pass prefill(double sequences, double prompt) {
    return {.sequences = sequences, .tokens = prompt, .context = 0, .scored = 1};
}
/// Writing the next token of texts that have so many.
[[nodiscard]] constexpr decoder_pass decode(double sequences, double context) {
    return {.sequences = sequences, .tokens = 1, .context = context, .scored = 1};
}

/// The work of passes that go through the model together. Weights are read once for all; numbers, not bytes, so that each may have its own precision.
struct decoder_work {
    double matrix_operations = 0; ///< of the layers' matrices and of the output
    double attention_operations = 0; ///< of attention and of recurrences
    double weights_read = 0; ///< of matrices; the embedding's rows are not counted
    double cache_read = 0; ///< keys, values and states
    double cache_written = 0;
    double summed = 0; ///< numbers of a token's width that devices add up, where they share each layer
    double launches = 0;
};

/// Adds up the passes. A token attends to what was there before and, with itself, to half of the new ones.
/// @throws input_error if the decoder is not well formed, there is no pass, or one has no sequence or no token, or anything negative
[[nodiscard]] constexpr decoder_work work_of(const decoder& d, std::span<const decoder_pass> passes) {
    if (!is_well_formed(d)) throw input_error{"language model", "", "layers, a width, matrices and an embedding, and no negative count", "others"};
    if (passes.empty()) throw input_error{"language model", "", "at least one pass", "none"};
    decoder_work w{.weights_read = static_cast<double>(d.layers * d.layer_matrices + d.output_matrix()),
                   .launches = static_cast<double>(d.layers * d.kernels_per_layer + 2)}; // and the embedding and the output
    for (const decoder_pass& p : passes) {
        if (!(p.sequences > 0 && p.tokens > 0 && p.context >= 0 && p.scored >= 0) || !(p.sequences < 1e12 && p.tokens < 1e12 && p.context < 1e12))
            throw input_error{"language model", "pass", "sequences and tokens above 0, a context that is not negative, all below 10^12",
                              std::to_string(p.sequences) + " sequences of " + std::to_string(p.tokens) + " tokens after " +
                                  std::to_string(p.context)};
        const double tokens = p.sequences * p.tokens;
        w.matrix_operations +=
            2 * (tokens * static_cast<double>(d.layers * d.layer_matrices) + p.sequences * p.scored * static_cast<double>(d.output_matrix()));
        w.attention_operations +=
            tokens * ((p.context + (p.tokens + 1) / 2) * static_cast<double>(d.attention_per_pair) + static_cast<double>(d.recurrence_per_token));
        w.cache_read +=
            p.sequences * (p.context * static_cast<double>(d.cache_per_token) + (p.context > 0 ? static_cast<double>(d.state_per_sequence) : 0.0));
        w.cache_written += p.sequences * (p.tokens * static_cast<double>(d.cache_per_token) + static_cast<double>(d.state_per_sequence));
        w.summed += tokens * static_cast<double>(d.layers * d.sums_per_layer * d.width);
    }
    return w;
}

/// Numbers that texts of so many tokens keep between passes: keys and values of each token, states of each text.
[[nodiscard]] constexpr double cached(const decoder& d, double sequences, double tokens) {
    return sequences * (tokens * static_cast<double>(d.cache_per_token) + static_cast<double>(d.state_per_sequence));
}

} // namespace verdant::workload
