#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/layers_in_shards.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/optim/loss_scaler.hpp>
#include <verdant/nn/train/distillation.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/random/stream.hpp>

#include <ATen/ops/isfinite.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// What the recipes share that train one network on labelled images.
namespace verdant::nn {

/// Tensors of more than one axis that are not biases decay (ANB-DatasetCollection, auxiliary/utils.py).
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

/// Where a training of one network stands after some of its epochs: besides the weights, which the net has, all that the next epoch depends on.
struct image_training_state {
    std::int64_t epochs = 0;        ///< done; 0: nothing has begun
    image_training_record record{}; ///< of these epochs
    io::named_tensors optimizer{};  ///< its velocities and steps
    io::named_tensors streams{};    ///< the scale of the loss, and the random stream of dropout
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

/// One step of a net: gradients of the smoothed cross-entropy of a batch, and a step of the optimiser. With a precision whose loss is scaled, a step
/// whose gradients are not finite is left out and the scale falls.
/// @tparam Precision of products; weights stay in the net's type
/// @param mode   `training`, whose layers a team of threads shares out, or `training_channels_last`
/// @param scaler of the loss; not read where the precision needs none
/// @param scaling counts steps that are left out in a row, of which there may be 100; by default nobody does, for a single step
/// @return the loss @throws input_error for labels that are not classes; nonfinite_error, before the weights change, where loss or gradients are not
/// finite
template <precision_policy Precision = fp32, convolutional_net Net, class Optimizer, std::derived_from<training> Mode>
double image_training_step(Net& net, Optimizer& optimizer, double learning_rate, const labelled_images& batch, double smoothing, const Mode& mode,
                           loss_scaler& scaler, std::int64_t epoch = 0, nonfinite_guard* scaling = nullptr) {
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
        // The scale may be at fault, unless it is so often; of a loss that is not a number it is not.
        if (std::isfinite(value) && !(scaling != nullptr ? scaling->takes(value, finite, optimizer.steps(), epoch) : finite)) {
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
        const auto s = nn::score_of(forward(net, batch.images, nn::evaluating{}).to(at::kFloat), batch.labels, sum.images);
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

/// What the loop over epochs and steps needs to know of a recipe.
struct image_loop {
    std::int64_t epochs = 1;
    double label_smoothing = 0;
    std::uint64_t seed = 0;
    double began = 0; ///< of the wall clock, milliseconds
    std::optional<std::int64_t> until{}; ///< epochs after which it stops for now, of those of the whole training; none: all
};

/// What trains a net epoch by epoch, and what its next epoch depends on besides the weights.
template <nn::precision_policy Precision, class Mode, nn::convolutional_net Net, class Optimizer>
class image_trainer {
public:
    /// @param net trainable from now to `finish`; not owned
    image_trainer(Net& net, const image_loop& loop, at::Device device, Optimizer optimizer)
        : net_{net}, loop_{loop}, device_{device}, optimizer_{std::move(optimizer)},
          stream_{nn::generator(random_stream::derived_seed(loop.seed, 1))}, mode_{nn::training{stream_}} {
        nn::require_grad(net_);
        nn::for_each_parameter(net_, [this](const std::string& name, const at::Tensor& t) { optimizer_.add(name, t, nn::decay_weights{}); });
    }

    /// @param source what `prefetched` gives, batches by epoch and number @param rate the learning rate by step
    template <class Source, class Rate, class Stepped, class Report>
    nn::image_epoch operator()(std::int64_t epoch, std::int64_t side, const Source& source, const Rate& rate, const Stepped& stepped,
                               Report& report) {
        const auto steps = source.size();
        nn::image_epoch now{.epoch = epoch, .side = side};
        for (std::int64_t i = 0; i < steps; ++i) {
            const auto step = epoch * steps + i;
            now.learning_rate = rate(step);
            const auto loss = nn::image_training_step<Precision>(net_, optimizer_, now.learning_rate, on_device(source(epoch, i), device_),
                                                                 loop_.label_smoothing, mode_, scaler_, epoch, &scaling_);
            stepped();
            now.loss += loss / static_cast<double>(steps);
            report(nn::image_training_progress{step + 1, steps * loop_.epochs, epoch, loss});
        }
        return now;
    }

    void finish() {
        optimizer_.clear_gradients();
        nn::require_grad(net_, false);
    }

    void store(nn::image_training_state& to) const {
        to.optimizer = optimizer_.state();
        to.streams = {};
        scaler_.store(to.streams);
        to.streams.add("random", nn::to_tensor_data(stream_.get_state()));
    }
    /// @param steps of an epoch
    /// @throws input_error for a state of another net, of other numbers of images or of something else; it names the file of one that was read
    void restore(const nn::image_training_state& from, std::int64_t steps) {
        optimizer_.restore(from.optimizer);
        const auto source = [](const io::named_tensors& kept) {
            return kept.source_name().empty() ? std::string{"training that goes on"} : kept.source_name();
        };
        if (optimizer_.steps() != from.epochs * steps)
            throw input_error{source(from.optimizer), "steps",
                              std::to_string(from.epochs * steps) + " in the epochs that were trained, by the images at hand",
                              std::to_string(optimizer_.steps()) + ", of other images or batches"};
        scaler_.restore(from.streams);
        try {
            stream_.set_state(nn::to_tensor(from.streams.at("random")));
        } catch (const c10::Error&) { throw input_error{source(from.streams), "random", "the state of a random stream", "something else"}; }
    }

private:
    Net& net_;
    image_loop loop_;
    at::Device device_;
    Optimizer optimizer_;
    nn::loss_scaler scaler_;
    nn::nonfinite_guard scaling_{scales_in_a_row};
    at::Generator stream_; ///< which the mode shares
    Mode mode_;
};

/// The loop over epochs and steps that all recipes for images have.
/// @param make_batches make_batches(threads) gives what `prefetched` reads ahead: batches by epoch and number; threads as in `augmented_batches`
/// @param schedule  schedule(steps of an epoch) gives the learning rate by step
/// @param side      side(epoch), pixels
/// @param stepped   called after every step of the optimiser
/// @param validation validation(epoch, device, record) is the score of an epoch, or nothing where it is not validated; the record is that of the
/// epochs before
/// @param state     of a training that goes on, and afterwards where it stands; null for one that nobody continues
template <nn::precision_policy Precision, class Mode, nn::convolutional_net Net, class MakeBatches, class Schedule, class Side, class Optimizer,
          class Stepped, class Validate, class Report, class State = std::nullptr_t>
nn::image_training_record train_images(Net& net, const image_loop& loop, const MakeBatches& make_batches, const Schedule& schedule, const Side& side,
                                       Optimizer optimizer, const Stepped& stepped, const Validate& validation, Report& report,
                                       State state = nullptr) {
    constexpr bool goes_on = !std::is_null_pointer_v<State>;
    const auto device = device_of(net);
    // With one thread, one that reads ahead would take the time of the one that trains.
    const bool alone = device.is_cpu() && at::get_num_threads() == 1;
    const nn::prefetched source{make_batches(alone ? 1U : 0U), alone ? nn::looking_ahead::not_at_all : nn::looking_ahead::in_another_thread};
    const auto rate = schedule(source.size());
    image_trainer<Precision, Mode, Net, Optimizer> trainer{net, loop, device, std::move(optimizer)};
    const nn::thread_team team;
    nn::image_training_record record;
    std::int64_t first = 0;
    if constexpr (goes_on) {
        if (state->epochs > 0) trainer.restore(*state, source.size());
        record = state->record;
        first = state->epochs;
    }
    const auto before = record.seconds;
    for (std::int64_t epoch = first; epoch < loop.until.value_or(loop.epochs); ++epoch) {
        auto now = trainer(epoch, side(epoch), source, rate, stepped, report);
        now.validation = validation(epoch, device, std::as_const(record));
        if (now.validation) keep_best(record, *now.validation);
        record.epochs.push_back(now);
    }
    trainer.finish();
    record.seconds = before + 1e-3 * (nn::milliseconds_of(nn::timing_clock::wall) - loop.began);
    if constexpr (goes_on) {
        trainer.store(*state);
        state->epochs = static_cast<std::int64_t>(record.epochs.size());
        state->record = record;
    }
    return record;
}

} // namespace detail
} // namespace verdant::nn
