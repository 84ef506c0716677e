#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/text/number.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace verdant::workload {

/// The proxy of a CLIP's work by which CarbonNAAS scales fine-tuning (CATransformers, eval/model_constants.py). It is a proxy: the term of
/// the attention scores is not multiplied by the number of layers, and images have 197 tokens whatever the patch. ViT-B: 245,748,224.
[[nodiscard]] constexpr std::int64_t flop_proxy(const clip_config& c) {
    constexpr std::int64_t head = 64, text_tokens = 77, vision_tokens = 197;
    const auto linear = [](const tower& t) { return 4 * std::int64_t{t.layers} * t.width * (2 * t.heads * head + t.ffn); };
    return linear(c.text) + 2 * text_tokens * c.text.heads * head + linear(c.vision) + 2 * vision_tokens * c.vision.heads * head;
}

/// How long a pruned model is fine-tuned.
struct fine_tuning_length {
    std::int64_t steps = 0;  ///< optimiser steps; training stops there
    std::int64_t epochs = 0; ///< epochs begun; a checkpoint is written after each
    /// The epoch whose checkpoint is evaluated.
    std::int64_t evaluated_epoch = 0;

    friend constexpr bool operator==(const fine_tuning_length&, const fine_tuning_length&) = default;
};

/// What scales the length of a fine-tuning with the size of the model.
struct fine_tuning_options {
    double epochs = 1;                   ///< of the unpruned model
    std::int64_t accumulated_batches = 1; ///< batches a step
    std::int64_t most_epochs = 10;       ///< MAX_EPOCH of the original
};

/// Smaller models train longer: epochs are multiplied by the ratio of the proxies, up to a cap (CATransformers, `--scale-flops`).
/// @param batches an epoch's batches
/// @throws input_error if there are no batches, or fewer than one a step, epochs are no finite number above 0, the cap is below 1, or it comes to no
/// step at all
[[nodiscard]] inline fine_tuning_length scaled_fine_tuning(const clip_config& original, const clip_config& pruned, std::int64_t batches,
                                                           const fine_tuning_options& options = {}) {
    if (batches < 1) throw input_error{"fine-tuning", "", "at least one batch an epoch", std::to_string(batches)};
    if (options.accumulated_batches < 1)
        throw input_error{"fine-tuning", "", "at least one batch a step", std::to_string(options.accumulated_batches)};
    require_positive("fine-tuning", "epochs", options.epochs);
    if (options.most_epochs < 1) throw input_error{"fine-tuning", "most_epochs", "at least 1", std::to_string(options.most_epochs)};
    const auto steps = batches / options.accumulated_batches; // whole ones of an epoch
    if (steps < 1)
        throw input_error{"fine-tuning", "batches", "at least the " + std::to_string(options.accumulated_batches) + " of a step",
                          std::to_string(batches)};
    const double ratio = static_cast<double>(flop_proxy(original)) / static_cast<double>(flop_proxy(pruned));
    const double most = static_cast<double>(options.most_epochs);
    const double total = std::fmin(options.epochs * ratio, most);
    const auto all = static_cast<std::int64_t>(static_cast<double>(steps) * total);
    if (all < 1) { // and the model would count as fine-tuned
        double least = 1 / (static_cast<double>(steps) * ratio);
        while (static_cast<double>(steps) * (least * ratio) < 1) least = std::nextafter(least, std::numeric_limits<double>::infinity());
        throw input_error{"fine-tuning", "epochs", "at least one step, which is " + exact_text(least) + " epochs or more",
                          exact_text(options.epochs)};
    }
    return {.steps = all,
            .epochs = static_cast<std::int64_t>(std::ceil(total)),
            .evaluated_epoch = static_cast<std::int64_t>(std::fmin(most, std::ceil(ratio)))};
}

} // namespace verdant::workload
