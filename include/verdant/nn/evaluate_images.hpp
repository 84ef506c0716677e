#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/batch_norm.hpp>
#include <verdant/nn/classification.hpp>
#include <verdant/nn/labelled_images.hpp>
#include <verdant/nn/prelude.hpp>

#include <ATen/ops/cross_entropy_loss.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cstdint>

namespace verdant::nn {

/// How well images are classified.
struct image_score {
    double loss = 0; ///< mean cross-entropy
    double top1 = 0; ///< share of images whose class has the highest score
    double top5 = 0; ///< share of images whose class is among the five highest
    std::int64_t images = 0;
};

/// The score of logits [B, C] for labels [B].
[[nodiscard]] inline image_score score_of(const at::Tensor& logits, const at::Tensor& labels) {
    const c10::AutoGradMode off{false};
    const auto share = [&](std::int64_t k) { return verdant::detail::share_among_first(logits, labels, k); };
    return {at::cross_entropy_loss(logits, labels).item<double>(), share(1), share(std::min<std::int64_t>(5, logits.size(1))), logits.size(0)};
}

/// A net's score on batches, with the statistics that its norms hold and without gradients. Sub-networks of a supernet need `recalibrate` before.
/// @param batches a range of labelled images, or of what converts to them @throws error if there are no images
template <class Net, class Batches>
[[nodiscard]] image_score evaluate(const Net& net, const Batches& batches) {
    const c10::AutoGradMode off{false};
    image_score sum;
    for (const auto& b : batches) {
        const labelled_images& batch = b;
        const auto s = score_of(forward(net, batch.images, evaluating{}), batch.labels);
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
