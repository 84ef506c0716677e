#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/gradient_clipping.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/nn/train/training_objective.hpp>

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// One step of training.
namespace verdant::nn {

/// Keeps the exponential of the logit scale within [1, 100], as CLIP does after every step.
inline void clamp_logit_scale(clip_model& m) {
    const c10::AutoGradMode off{false};
    m.logit_scale.clamp_(0, std::log(100.0));
}

namespace detail {

/// The loss to take gradients of where they are to be `scale` times as large; without a scale the very loss.
[[nodiscard]] inline at::Tensor scaled_loss(const at::Tensor& loss, double scale) { return scale == 1 ? loss : loss * scale; }

/// The optimiser's step with gradients that `scale` multiplied: they are divided by it, shortened, and used, unless the loss or some of them are not
/// finite. Gives whether they were used. `guard` is told of what is not finite, but not where the scale may be at fault, unless it is so often.
/// @throws nonfinite_error where the guard says so; the weights stay then
template <class Precision>
bool use_gradients(nn::clip_model& m, nn::adamw& optimizer, double learning_rate, double scale, double largest_gradient, double loss,
                   std::int64_t step, std::int64_t epoch, nn::nonfinite_guard& guard, nn::nonfinite_guard& scaling) {
    bool used = false;
    if constexpr (nn::scales_loss<Precision>) {
        const bool finite = nn::unscale_gradients(m, scale);
        used = guard.takes(loss, true, step, epoch) && scaling.takes(loss, finite, step, epoch);
        optimizer.scaler().update(used);
    } else {
        used = guard.takes(loss, nn::gradients_are_finite(m), step, epoch);
        if (!used) optimizer.scaler().leave_out();
    }
    if (used) {
        if (largest_gradient > 0) nn::clip_gradient_norm(m, largest_gradient);
        optimizer.step(learning_rate);
    }
    nn::clamp_logit_scale(m);
    return used;
}
VERDANT_DEFINED_ONCE(bool use_gradients<nn::fp32>(nn::clip_model&, nn::adamw&, double, double, double, double, std::int64_t, std::int64_t,
                                                  nn::nonfinite_guard&, nn::nonfinite_guard&));

} // namespace detail

/// Adds the gradients of one step's loss and gives the loss. With several batches the pairs of all are contrasted with each other though
/// only one batch is in memory with its activations: the features of all are computed without gradients, then each batch again with
/// them, against the others' (OpenCLIP's `--accum-freq`). The gradients are those of the loss of the whole; the original counts that of
/// the logit scale once a batch.
/// @param scale factor of the gradients, not of the loss that is given, see `loss_scaler`
/// @throws error if there is no batch
template <precision_policy Precision = fp32, training_objective Objective>
double accumulate_gradients(const clip_model& m, std::span<const image_text_batch> batches, Objective& objective, double scale = 1) {
    if (batches.empty()) throw error{"a training step needs at least one batch"};
    const auto device = m.logit_scale.device();
    objective.begin(batches);
    if (batches.size() == 1) {
        const typename Precision::scope scope{device};
        const auto loss = objective(m, features(m, batches[0].images, batches[0].ids, batches[0].patches));
        detail::scaled_loss(loss, scale).backward();
        return loss.template item<double>();
    }
    std::vector<at::Tensor> image, text;
    {
        const c10::AutoGradMode off{false};
        const typename Precision::scope scope{device};
        for (const auto& b : batches) {
            const auto f = features(m, b.images, b.ids, b.patches);
            image.push_back(f.image);
            text.push_back(f.text);
        }
    }
    double value = 0;
    clip_model fixed = m;
    fixed.logit_scale = m.logit_scale.detach();
    if (m.logit_bias.defined()) fixed.logit_bias = m.logit_bias.detach();
    for (std::size_t i = 0; i < batches.size(); ++i) {
        const typename Precision::scope scope{device};
        auto with_image = image, with_text = text;
        const auto f = features(m, batches[i].images, batches[i].ids, batches[i].patches);
        with_image[i] = f.image;
        with_text[i] = f.text;
        const auto loss = objective(i == 0 ? m : fixed, clip_features{at::cat(with_image), at::cat(with_text)});
        if (loss.requires_grad()) detail::scaled_loss(loss, scale).backward(); // not where both towers are locked
        value = loss.template item<double>();
    }
    return value;
}

/// One step of training: gradients of all batches together, the optimiser's step, and the clamp of the logit scale. Gives the loss.
/// @throws nonfinite_error where loss or gradients are not finite, other than by the scale of the loss; the weights stay then
template <precision_policy Precision = fp32, training_objective Objective>
double training_step(clip_model& m, adamw& optimizer, double learning_rate, std::span<const image_text_batch> batches, Objective& objective) {
    optimizer.clear_gradients();
    const double scale = scales_loss<Precision> ? optimizer.scaler().scale() : 1;
    const double loss = accumulate_gradients<Precision>(m, batches, objective, scale);
    nonfinite_guard guard, scaling{detail::scales_in_a_row};
    detail::use_gradients<Precision>(m, optimizer, learning_rate, scale, 0, loss, optimizer.trained_steps(), 0, guard, scaling);
    return loss;
}

} // namespace verdant::nn
