#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/core/Reduction.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <cstdint>

/// The losses that CLIPs are trained with: contrastive, sigmoid, distillation.
namespace verdant::nn {

/// The contrastive loss of CLIP: the mean of the two cross-entropies of similarities [N, N], by image and by text, with pair i at (i, i).
[[nodiscard]] inline at::Tensor clip_loss(const at::Tensor& logits_per_image) {
    const auto labels = at::arange(logits_per_image.size(0), logits_per_image.options().dtype(at::kLong));
    return (at::cross_entropy_loss(logits_per_image, labels) + at::cross_entropy_loss(logits_per_image.t(), labels)) / 2;
}

/// The same of normalised features and the exponential of the logit scale.
[[nodiscard]] inline at::Tensor clip_loss(const at::Tensor& image, const at::Tensor& text, const at::Tensor& scale) {
    return clip_loss(scale * at::matmul(image, text.t()));
}

/// How far the student's similarities are from the teacher's: the mean over both directions of
/// -mean_row sum_column softmax(teacher) log_softmax(student).
[[nodiscard]] inline at::Tensor distillation_loss(const at::Tensor& student_logits, const at::Tensor& teacher_logits) {
    const auto one = [](const at::Tensor& student, const at::Tensor& teacher) {
        return -(at::softmax(teacher, 1) * at::log_softmax(student, 1)).sum(1).mean(0);
    };
    return (one(student_logits, teacher_logits) + one(student_logits.t(), teacher_logits.t())) / 2;
}

/// The sigmoid loss (Zhai et al., arXiv 2303.15343): -mean over rows of the sum of log sigmoid(label * logit), label 1 for pairs, else -1.
/// @param logits_per_image with the bias, see `logits_per_image`
[[nodiscard]] inline at::Tensor siglip_loss(const at::Tensor& logits_per_image) {
    const auto n = logits_per_image.size(0);
    const auto labels = 2 * at::eye(n, logits_per_image.options().dtype(at::kFloat)) - 1; // LibTorch 1.13 has no eye in bfloat16
    return -at::log_sigmoid(labels * logits_per_image).sum() / n;
}

/// Parts of the three losses above that sum to them, for pairs that are spread over processes: `by_image` [n, N] holds the similarities of n
/// images with all N texts, `by_text` [n, N] those of their texts with all images, and the own partner of row i is in column first + i.
[[nodiscard]] inline at::Tensor clip_loss_share(const at::Tensor& by_image, const at::Tensor& by_text, std::int64_t first) {
    const auto labels = at::arange(first, first + by_image.size(0), by_image.options().dtype(at::kLong));
    const auto sum = [&labels](const at::Tensor& logits) { return at::cross_entropy_loss(logits, labels, {}, at::Reduction::Sum); };
    return (sum(by_image) + sum(by_text)) / (2 * by_image.size(1));
}

/// @param teacher_by_image, teacher_by_text the same rows of the teacher
[[nodiscard]] inline at::Tensor distillation_loss_share(const at::Tensor& by_image, const at::Tensor& by_text, const at::Tensor& teacher_by_image,
                                                        const at::Tensor& teacher_by_text) {
    const auto one = [](const at::Tensor& student, const at::Tensor& teacher) {
        return -(at::softmax(teacher, 1) * at::log_softmax(student, 1)).sum();
    };
    return (one(by_image, teacher_by_image) + one(by_text, teacher_by_text)) / (2 * by_image.size(1));
}

/// The part of the sigmoid loss of all pairs that the rows of this process contribute; `first` is the column of its first caption.
[[nodiscard]] inline at::Tensor siglip_loss_share(const at::Tensor& by_image, std::int64_t first) {
    const auto n = by_image.size(1);
    const auto labels = 2 * at::eye(n, by_image.options().dtype(at::kFloat)).slice(0, first, first + by_image.size(0)) - 1;
    return -at::log_sigmoid(labels * by_image).sum() / n;
}

} // namespace verdant::nn
