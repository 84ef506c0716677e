#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/batches/label_range.hpp>

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/softmax.h>

#include <concepts>

/// Losses of classifiers: smoothed labels, and distillation from a teacher.
namespace verdant::nn {

/// Cross-entropy with the label's class at 1 - smoothing and smoothing spread over all classes; the mean over the batch (Szegedy et al., CVPR 2016).
/// @param logits [B, C] @param labels [B], classes @throws input_error for labels that are not classes
[[nodiscard]] inline at::Tensor smoothed_cross_entropy(const at::Tensor& logits, const at::Tensor& labels, double smoothing = 0.1) {
    check_labels(labels, logits.size(1), "training of a classifier");
    return at::cross_entropy_loss(logits, labels, {}, at::Reduction::Mean, -100, smoothing);
}

/// Cross-entropy with a distribution over classes for each item, as mixed labels are; the mean over the batch.
/// @param logits [B, C] @param shares [B, C], each row sums to 1
[[nodiscard]] inline at::Tensor soft_cross_entropy(const at::Tensor& logits, const at::Tensor& shares) {
    return -(shares * at::log_softmax(logits, 1)).sum(1).mean();
}

/// How far a student is from its teacher: `d(student, teacher)`, logits [B, C] both, a scalar; the teacher's have no gradient.
template <class D>
concept distillation = requires(const D& d, const at::Tensor& logits) {
    { d(logits, logits) } -> std::same_as<at::Tensor>;
};

/// Cross-entropy with the teacher's distribution, without temperature (`kd_type: ce`).
struct distil_distribution {
    [[nodiscard]] at::Tensor operator()(const at::Tensor& student, const at::Tensor& teacher) const {
        return soft_cross_entropy(student, at::softmax(teacher, 1));
    }
};

/// Mean squared difference of the logits (`kd_type: mse`).
struct distil_logits {
    [[nodiscard]] at::Tensor operator()(const at::Tensor& student, const at::Tensor& teacher) const { return at::mse_loss(student, teacher); }
};

} // namespace verdant::nn
