#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/batches/score_check.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/argsort.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/topk.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>

/// Retrieval of captions by images and of images by captions.
namespace verdant::nn {

/// Shares of queries that are answered among the first k (LAION-AI/CLIP_benchmark, metrics/zeroshot_retrieval.py), as 32-bit means.
struct retrieval_recall {
    double image = 0; ///< of the texts: whose image is among its k most similar
    double text = 0;  ///< of the images: at least one of whose texts is among its k most similar

    /// The accuracy of CarbonNAAS, with k = 1.
    [[nodiscard]] double mean() const { return (image + text) / 2; }
};

/// @param image_features [I, D] and @param text_features [T, D], normalised
/// @param image_of_text [T], the index of the image that a text belongs to
/// @param k counts more than there are candidates as all of them
/// @throws input_error if the numbers do not fit together, or features are no numbers
template <class = instantiated_when_used>
[[nodiscard]] retrieval_recall recall_at(const at::Tensor& image_features, const at::Tensor& text_features, const at::Tensor& image_of_text,
                                         std::int64_t k) {
    const auto images = image_features.size(0), texts = text_features.size(0);
    if (image_of_text.dim() != 1 || image_of_text.size(0) != texts || images == 0 || texts == 0)
        throw input_error{"retrieval", "", "images, texts, and an image for each text",
                          std::to_string(images) + " images, " + std::to_string(texts) + " texts and " + std::to_string(image_of_text.numel()) +
                              " links"};
    if (k < 1) throw input_error{"retrieval", "", "k of at least 1", std::to_string(k)};
    if (image_of_text.min().item<std::int64_t>() < 0 || image_of_text.max().item<std::int64_t>() >= images)
        throw input_error{"retrieval", "", "links to one of " + std::to_string(images) + " images", "another"};
    const auto scores = at::matmul(text_features, image_features.t());
    check_scores(image_features, "retrieval, images");
    check_scores(text_features, "retrieval, texts");
    check_scores(scores, "retrieval"); // as of infinite features
    const auto share = [](const at::Tensor& hits) { return static_cast<double>(hits.any(1).to(at::kFloat).mean().item<float>()); };
    const auto best_images = std::get<1>(at::topk(scores, std::min(k, images), 1));
    const auto best_texts = std::get<1>(at::topk(scores.t(), std::min(k, texts), 1));
    const auto own = at::arange(images, image_of_text.options()).unsqueeze(1);
    const auto found = image_of_text.index_select(0, best_texts.flatten()).reshape(best_texts.sizes());
    return {.image = share(best_images.eq(image_of_text.unsqueeze(1))), .text = share(found.eq(own))};
}
VERDANT_DEFINED_ONCE(retrieval_recall recall_at<>(const at::Tensor&, const at::Tensor&, const at::Tensor&, std::int64_t));

/// Places of the right partner among all, of one direction (OpenCLIP, train.py), counted from 1.
struct rank_statistics {
    double mean = 0;
    double median = 0; ///< of an even number the lower whole one
    double recall_1 = 0, recall_5 = 0, recall_10 = 0;
};

/// What OpenCLIP measures of a validation set while it trains.
struct validation_metrics {
    double loss = 0; ///< the contrastive loss of all pairs
    rank_statistics image_to_text, text_to_image;
};

namespace detail {

[[nodiscard]] inline nn::rank_statistics rank_statistics_of(const at::Tensor& logits) {
    const auto n = logits.size(0);
    const auto own = at::arange(n, logits.options().dtype(at::kLong)).unsqueeze(1);
    const auto places = at::argsort(logits, 1, true).eq(own).to(at::kByte).argmax(1).to(at::kDouble);
    const auto sorted = std::get<0>(places.sort());
    const auto middle = (sorted[(n - 1) / 2].item<double>() + sorted[n / 2].item<double>()) / 2;
    const auto within = [&places](double k) { return places.lt(k).to(at::kDouble).mean().item<double>(); };
    return {.mean = places.mean().item<double>() + 1,
            .median = std::floor(middle) + 1,
            .recall_1 = within(1),
            .recall_5 = within(5),
            .recall_10 = within(10)};
}

} // namespace detail

/// Of normalised features of pairs, [N, D] each, and the exponential of the logit scale. @throws input_error for features that are not numbers
template <class = instantiated_when_used>
[[nodiscard]] validation_metrics validate_pairs(const at::Tensor& image, const at::Tensor& text, double scale) {
    const auto by_image = scale * at::matmul(image, text.t());
    check_scores(by_image, "validation of pairs");
    const auto labels = at::arange(by_image.size(0), by_image.options().dtype(at::kLong));
    const auto loss = (at::cross_entropy_loss(by_image, labels) + at::cross_entropy_loss(by_image.t(), labels)) / 2;
    return {.loss = loss.item<double>(),
            .image_to_text = detail::rank_statistics_of(by_image),
            .text_to_image = detail::rank_statistics_of(by_image.t())};
}
VERDANT_DEFINED_ONCE(validation_metrics validate_pairs<>(const at::Tensor&, const at::Tensor&, double));

} // namespace verdant::nn
