#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/batches/label_range.hpp>
#include <verdant/nn/batches/score_check.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip_forward.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/argsort.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/topk.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

/// Zero-shot classification: a classifier from texts, and its metrics.
namespace verdant::nn {

/// A classifier from texts, [D, classes]: for each class the embeddings of its prompts, normalised, averaged, and normalised again
/// (LAION-AI/CLIP_benchmark, metrics/zeroshot_classification.py, as is all of this header).
/// @param prompts for each class [number of its prompts, D], not normalised
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor zero_shot_classifier(const std::vector<at::Tensor>& prompts) {
    if (prompts.empty()) throw error{"a zero-shot classifier needs at least one class"};
    std::vector<at::Tensor> columns;
    for (const auto& embeddings : prompts) {
        if (embeddings.dim() != 2 || embeddings.size(0) == 0)
            throw error{"class " + std::to_string(columns.size()) + " of a zero-shot classifier has no prompts"};
        const auto mean = normalised(embeddings).mean(0);
        columns.push_back(mean / mean.norm());
    }
    return at::stack(columns, 1);
}
VERDANT_DEFINED_ONCE(at::Tensor zero_shot_classifier<>(const std::vector<at::Tensor>&));

/// 100 times the similarity of normalised image features [N, D] to every class, [N, classes].
[[nodiscard]] inline at::Tensor class_logits(const at::Tensor& image_features, const at::Tensor& classifier) {
    return 100 * at::matmul(image_features, classifier);
}

/// How well classes were told, with the names and definitions of CLIP_benchmark (`zeroshot_classification.py`).
struct classification_metrics {
    double accuracy = 0;              ///< acc1
    double accuracy_5 = 0;            ///< acc5: right among the first five; NaN where there are fewer classes
    double mean_per_class_recall = 0; ///< mean of the recall of each class that the targets hold
};

namespace detail {

[[nodiscard]] inline double share_among_first(const at::Tensor& logits, const at::Tensor& targets, std::int64_t k) {
    const auto best = std::get<1>(at::topk(logits, k, 1));
    return static_cast<double>(best.eq(targets.unsqueeze(1)).any(1).sum().item<std::int64_t>()) / static_cast<double>(targets.size(0));
}

} // namespace detail

/// @param logits [N, classes] @param targets [N], classes
/// @throws input_error if the numbers do not fit together, or scores are no numbers
template <class = instantiated_when_used>
[[nodiscard]] classification_metrics classify(const at::Tensor& logits, const at::Tensor& targets) {
    if (logits.dim() != 2 || targets.dim() != 1 || targets.size(0) != logits.size(0) || logits.numel() == 0)
        throw input_error{"classification", "", "a row of scores for each target",
                          std::to_string(logits.size(0)) + " rows and " + std::to_string(targets.numel()) + " targets"};
    const auto classes = logits.size(1);
    check_labels(targets, classes, "classification");
    check_scores(logits, "classification");
    // On the processor at once: one by one, each would wait for a graphics card.
    const auto predicted = logits.argmax(1).to(at::kCPU).contiguous(), wanted = targets.to(at::kCPU, at::kLong).contiguous();
    const auto *const guess = predicted.data_ptr<std::int64_t>(), *const own = wanted.data_ptr<std::int64_t>();
    std::vector<double> right(static_cast<std::size_t>(classes)), all(right);
    for (std::int64_t i = 0; i < wanted.size(0); ++i) {
        const auto c = static_cast<std::size_t>(own[i]);
        right[c] += guess[i] == own[i] ? 1 : 0;
        ++all[c];
    }
    double sum = 0, present = 0;
    for (std::size_t c = 0; c < all.size(); ++c)
        if (all[c] > 0) {
            sum += right[c] / all[c];
            ++present;
        }
    return {.accuracy = detail::share_among_first(logits, targets, 1),
            .accuracy_5 = classes < 5 ? std::numeric_limits<double>::quiet_NaN() : detail::share_among_first(logits, targets, 5),
            .mean_per_class_recall = sum / present};
}
VERDANT_DEFINED_ONCE(classification_metrics classify<>(const at::Tensor&, const at::Tensor&));

/// Average precision of each class, [classes]: items by falling score, the precision at each that has the class, their mean; 0 for a class
/// that no item has. The mean over classes is mAP.
/// @param scores [N, classes] @param targets [N, classes], 0 or 1
/// @throws input_error for targets of another shape, or scores that are not numbers
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor average_precision(const at::Tensor& scores, const at::Tensor& targets) {
    if (scores.dim() != 2 || scores.sizes() != targets.sizes())
        throw input_error{"average precision", "", "targets of the scores' shape", "another shape"};
    check_scores(scores, "average precision");
    const auto relevant = targets.gather(0, at::argsort(scores, 0, true)).to(at::kFloat);
    const auto places = at::arange(1, scores.size(0) + 1, relevant.options()).unsqueeze(1);
    const auto precision = relevant.cumsum(0) / places;
    return (precision * relevant).sum(0) / relevant.sum(0).clamp_min(1);
}
VERDANT_DEFINED_ONCE(at::Tensor average_precision<>(const at::Tensor&, const at::Tensor&));

} // namespace verdant::nn
