#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/layers_in_shards.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/optim/loss_scaler.hpp>
#include <verdant/nn/train/distillation.hpp>
#include <verdant/nn/train/nonfinite.hpp>

#include <ATen/ops/isfinite.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the recipes share that train one network on labelled images.
namespace verdant::nn {

/// Tensors of more than one axis that are no biases decay (ANB-DatasetCollection, auxiliary/utils.py).
struct decay_weights {
    [[nodiscard]] constexpr bool operator()(std::string_view name, std::int64_t axes) const noexcept { return axes > 1 && !name.ends_with("bias"); }
};

/// An epoch of a training.
struct image_epoch {
    std::int64_t epoch = 0;                  ///< from 0
    std::int64_t side = 0;                   ///< of the training images, pixels
    double learning_rate = 0;                ///< of the last step
    double loss = 0;                         ///< mean over the steps
    std::optional<image_score> validation{}; ///< of epochs that are validated
};

/// What a training of one network gave.
struct image_training_record {
    double top1 = 0, top5 = 0; ///< the best shares of right answers, each of its own epoch
    double seconds = 0;        ///< of the whole training with its validations
    std::vector<image_epoch> epochs;
};

/// What is reported after every step of a training.
struct image_training_progress {
    std::int64_t step = 0, steps = 0; ///< done, and of the whole training
    std::int64_t epoch = 0;           ///< from 0
    double loss = 0;
};

/// For trainings that nobody watches.
struct no_training_report {
    void operator()(const image_training_progress&) const {}
};

namespace detail {

/// Whether the gradients of a net are finite, divided by the scale of the loss before.
template <nn::convolutional_net Net>
[[nodiscard]] bool unscale_gradients(Net& net, double scale) {
    const c10::AutoGradMode off{false};
    at::Tensor sum;
    for_each_tensor(net, [&](const std::string&, at::Tensor& t, bool) {
        if (!t.grad().defined()) return;
        auto gradient = t.mutable_grad();
        if (scale != 1) gradient.div_(scale);
        sum = sum.defined() ? sum + gradient.sum() : gradient.sum();
    });
    return !sum.defined() || at::isfinite(sum).template item<bool>();
}

} // namespace detail

namespace detail {

/// A mode by which layers are computed: a plain one shares them out.
template <std::derived_from<nn::training> Mode>
[[nodiscard]] auto layers_of(const Mode& mode) {
    if constexpr (std::same_as<Mode, nn::training>) return nn::training_in_shards{mode};
    else return mode;
}

} // namespace detail

/// One step of a net: gradients of the smoothed cross-entropy of a batch, and a step of the optimiser. With a precision whose loss is scaled, a step whose
/// gradients are not finite is left out and the scale falls.
/// @tparam Precision of products; weights stay in the net's type
/// @param mode   `training`, whose layers a team of threads shares out, or `training_channels_last`
/// @param scaler of the loss; not read where the precision needs none
/// @return the loss @throws input_error for labels that are no classes; nonfinite_error, before the weights change, where loss or gradients are not finite
template <precision_policy Precision = fp32, convolutional_net Net, class Optimizer, std::derived_from<training> Mode>
double image_training_step(Net& net, Optimizer& optimizer, double learning_rate, const labelled_images& batch, double smoothing, const Mode& mode,
                           loss_scaler& scaler, std::int64_t epoch = 0) {
    const c10::AutoGradMode on{true};
    const thread_team team;
    optimizer.clear_gradients();
    at::Tensor loss;
    {
        const typename Precision::scope scope{batch.images.device()};
        const auto logits = forward(net, batch.images, verdant::nn::detail::layers_of(mode));
        loss = smoothed_cross_entropy(logits.to(at::kFloat), batch.labels, smoothing);
    }
    const double scale = scales_loss<Precision> ? scaler.scale() : 1;
    (scale == 1 ? loss : loss * scale).backward();
    const auto value = loss.template item<double>();
    const bool finite = verdant::nn::detail::unscale_gradients(net, scale);
    if constexpr (scales_loss<Precision>) {
        scaler.update(finite);
        if (!finite && std::isfinite(value)) {
            optimizer.leave_out();
            return value;
        }
    }
    nonfinite_guard{}.takes(value, finite, optimizer.steps(), epoch);
    optimizer.step(learning_rate);
    return value;
}

namespace detail {

[[nodiscard]] inline nn::labelled_images on_device(const nn::labelled_images& batch, at::Device device) {
    return {batch.images.to(device), batch.labels.to(device)};
}

/// The device of a net's first tensor.
template <nn::convolutional_net Net>
[[nodiscard]] at::Device device_of(Net& net) {
    at::Device out{at::kCPU};
    bool first = true;
    for_each_tensor(net, [&](const std::string&, const at::Tensor& t, bool) {
        if (std::exchange(first, false)) out = t.device();
    });
    return out;
}

/// The score of a net on batches that are moved to its device. @param precision of products
template <nn::precision_policy Precision, class Net, class Batches>
[[nodiscard]] nn::image_score validated(const Net& net, const Batches& batches, at::Device device) {
    const typename Precision::scope scope{device};
    if (device.is_cpu()) return nn::evaluate(net, batches);
    const c10::AutoGradMode off{false};
    nn::image_score sum;
    for (const auto& b : batches) {
        const auto batch = on_device(b, device);
        const auto s = nn::score_of(forward(net, batch.images, nn::evaluating{}).to(at::kFloat), batch.labels);
        const auto items = static_cast<double>(s.images);
        sum.loss += s.loss * items, sum.top1 += s.top1 * items, sum.top5 += s.top5 * items, sum.images += s.images;
    }
    if (sum.images == 0) throw error{"a net cannot be evaluated without images"};
    const auto all = static_cast<double>(sum.images);
    return {sum.loss / all, sum.top1 / all, sum.top5 / all, sum.images};
}

/// Takes what an epoch was validated with into the record; top-1 and top-5 are kept independently.
inline void keep_best(nn::image_training_record& record, const nn::image_score& score) {
    record.top1 = std::max(record.top1, score.top1);
    record.top5 = std::max(record.top5, score.top5);
}

} // namespace detail
} // namespace verdant::nn
