#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/label_range.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/batches/score_check.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/layers/batch_norm.hpp>

#include <ATen/ops/cross_entropy_loss.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <concepts>
#include <cstdint>

/// The score of a network on labelled images.
namespace verdant::nn {

/// How well images are classified.
struct image_score {
    double loss = 0; ///< mean cross-entropy
    double top1 = 0; ///< share of images whose class has the highest score
    double top5 = 0; ///< share of images whose class is among the five highest
    std::int64_t images = 0;
};

/// The score of logits [B, C] for labels [B]. @throws input_error for labels that are not classes, and of a network that gives NaN
/// @param first the number of the first image among all, for the error
[[nodiscard]] inline image_score score_of(const at::Tensor& logits, const at::Tensor& labels, std::int64_t first = 0) {
    const c10::AutoGradMode off{false};
    check_labels(labels, logits.size(1), "evaluation of images");
    check_scores(logits, "evaluation of images", first);
    const auto share = [&](std::int64_t k) { return verdant::nn::detail::share_among_first(logits, labels, k); };
    return {at::cross_entropy_loss(logits, labels).item<double>(), share(1), share(std::min<std::int64_t>(5, logits.size(1))), logits.size(0)};
}

/// A net's score on batches, with the statistics that its norms hold and without gradients. Sub-networks of a supernet need `recalibrate` before.
/// Threads of a `thread_team` share the images of a batch out.
/// @param batches a range of labelled images, or of what converts to them @throws error if there are no images
/// @tparam Mode `evaluating`, or `channels_last` of it for narrow nets
template <std::derived_from<evaluating> Mode = evaluating, class Net, class Batches>
[[nodiscard]] image_score evaluate(const Net& net, const Batches& batches) {
    const c10::AutoGradMode off{false};
    const thread_team team;
    image_score sum;
    for (const auto& b : batches) {
        const labelled_images& batch = b;
        const auto logits = computed_in_shards(batch.images, [&net](const at::Tensor& images) { return forward(net, images, Mode{}); });
        const auto s = score_of(logits, batch.labels, sum.images);
        const auto items = static_cast<double>(s.images);
        sum.loss += s.loss * items;
        sum.top1 += s.top1 * items;
        sum.top5 += s.top5 * items;
        sum.images += s.images;
    }
    if (sum.images == 0) throw error{"a net cannot be evaluated without images"};
    const auto all = static_cast<double>(sum.images);
    return {sum.loss / all, sum.top1 / all, sum.top5 / all, sum.images};
}

} // namespace verdant::nn
