#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/batches/label_range.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/layers_in_shards.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/train/distillation.hpp>

#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <cstdint>
#include <utility>

namespace verdant::supernet {

/// What the sub-networks of a step learn from.
///   s.begin(batch)            before the first sub-network of a step
///   s(logits, labels, k)      the loss of the k-th one, a scalar
/// One that takes the first sub-network for the largest says so by `static constexpr bool needs_largest_first = true`.
template <class S>
concept supervision = requires(S& s, const nn::labelled_images& batch, const at::Tensor& logits, std::int64_t k) {
    s.begin(batch);
    { s(logits, logits, k) } -> std::same_as<at::Tensor>;
};

/// Cross-entropy with labels: classes [B], or shares of classes [B, C], as mixed images have them.
struct learn_labels {
    double smoothing = 0.1; ///< of classes; shares are taken as they are

    static void begin(const nn::labelled_images&) {}
    [[nodiscard]] at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels, std::int64_t = 0) const {
        return labels.dim() == 2 ? nn::soft_cross_entropy(logits, labels) : nn::smoothed_cross_entropy(logits, labels, smoothing);
    }
};

/// The labels, and besides them a teacher, as progressive shrinking has it (train_one_epoch). The teacher runs with the statistics of the
/// batch, so the statistics that it holds drift; its weights stay.
/// @tparam Teacher a net; `forward(teacher, images, mode)` gives its logits
template <class Teacher = nn::mobile_net, nn::distillation Distillation = nn::distil_distribution>
class distil_teacher {
public:
    /// @param ratio weight of the distance to the teacher @param distance measures it
    explicit distil_teacher(Teacher teacher, double ratio = 1, learn_labels labels = {}, Distillation distance = {})
        : teacher_{std::move(teacher)}, ratio_{ratio}, labels_{labels}, distance_{std::move(distance)} {}

    void begin(const nn::labelled_images& batch) {
        if (ratio_ == 0) return;
        const c10::AutoGradMode off{false};
        const nn::thread_team team;
        logits_ = forward(teacher_, batch.images, nn::training_in_shards{});
    }
    [[nodiscard]] at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels, std::int64_t k) const {
        const auto loss = labels_(logits, labels, k);
        return ratio_ == 0 ? loss : loss + ratio_ * distance_(logits, logits_);
    }

    /// What the teacher says of the batch.
    [[nodiscard]] const at::Tensor& logits() const { return logits_; }

private:
    Teacher teacher_;
    double ratio_;
    learn_labels labels_;
    Distillation distance_;
    at::Tensor logits_;
};

/// In-place distillation (Yu and Huang, ICCV 2019): the first sub-network of a step, the largest one of a `sandwich`, learns the labels, and the
/// others learn from it.
template <nn::distillation Distillation = nn::distil_distribution>
class distil_in_place {
public:
    static constexpr bool needs_largest_first = true;

    /// @param distance to the first sub-network
    explicit distil_in_place(learn_labels labels = {}, Distillation distance = {}) : labels_{labels}, distance_{std::move(distance)} {}

    void begin(const nn::labelled_images&) { logits_.reset(); }
    [[nodiscard]] at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels, std::int64_t k) {
        if (k != 0) return distance_(logits, logits_);
        logits_ = logits.detach();
        return labels_(logits, labels, k);
    }

private:
    learn_labels labels_;
    Distillation distance_;
    at::Tensor logits_;
};

/// Mixes every image and its label with those of the mirrored place in the batch (Zhang et al., ICLR 2018; mix_images, mix_labels).
/// @param share of the own image, from Beta(alpha, alpha) in the original @return labels as shares of classes [B, classes], smoothed
/// @throws input_error for labels that are not classes
template <class = instantiated_when_used>
[[nodiscard]] nn::labelled_images mixed(const nn::labelled_images& batch, std::int64_t classes, double share, double smoothing = 0.1) {
    nn::check_labels(batch.labels, classes, "mixed images");
    auto shares = at::zeros({batch.labels.size(0), classes}, batch.images.options());
    shares.scatter_(1, batch.labels.unsqueeze(1), 1);
    shares = shares * (1 - smoothing) + smoothing / static_cast<double>(classes);
    const auto mix = [share](const at::Tensor& t) { return t * share + t.flip(at::IntArrayRef{0}) * (1 - share); };
    return {mix(batch.images), mix(shares)};
}
VERDANT_DEFINED_ONCE(nn::labelled_images mixed<>(const nn::labelled_images&, std::int64_t, double, double));

} // namespace verdant::supernet
