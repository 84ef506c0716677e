#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/error.hpp>
#include <verdant/image/strong_augmentation.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/nn/batches/augmented_batches.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/nn/optim/epoch_schedule.hpp>
#include <verdant/nn/optim/rmsprop.hpp>
#include <verdant/nn/optim/weight_average.hpp>
#include <verdant/nn/recipes/image_training.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/stream.hpp>

#include <ATen/Parallel.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// Trains a network as published networks are trained: for long, without proxies.
namespace verdant::nn {

/// A training without proxies. The defaults are those with which Accel-NASBench trains what its searches find, on each graphics card
/// (ANB-DatasetCollection, train_exact_torchvision_gpu.py and conf_local_exact.cfg); on TPUs it averages with 0.99995 and leaves colours as they are.
struct exact_recipe {
    std::int64_t epochs = 450;
    std::int64_t batch = 192;
    std::int64_t side = 224; ///< of training images, pixels
    double learning_rate = 0.024;
    double rate_factor = 0.97; ///< every `rate_epochs`
    double rate_epochs = 2.4;
    double warmup_epochs = 5;
    double warmup_rate = 1e-6;
    double average_decay = 0.9999; ///< of the average of weights, which is what is validated
    double label_smoothing = 0.1;
    rmsprop_options optimizer{}; ///< weight decay is that of tensors of more than one axis that are no biases
    std::int64_t validate_every = 1; ///< epochs; the last one always is
    std::uint64_t seed = 0; ///< of order, augmentation and dropout; weights are the caller's

    using described = members<member<"epochs", &exact_recipe::epochs>, member<"batch", &exact_recipe::batch>, member<"side", &exact_recipe::side>,
                              member<"learning_rate", &exact_recipe::learning_rate>, member<"rate_factor", &exact_recipe::rate_factor>,
                              member<"rate_epochs", &exact_recipe::rate_epochs>, member<"warmup_epochs", &exact_recipe::warmup_epochs>,
                              member<"warmup_rate", &exact_recipe::warmup_rate>, member<"average_decay", &exact_recipe::average_decay>,
                              member<"label_smoothing", &exact_recipe::label_smoothing>, member<"optimizer", &exact_recipe::optimizer>,
                              member<"validate_every", &exact_recipe::validate_every>, member<"seed", &exact_recipe::seed>>;
};

/// @throws input_error that names the first option that cannot be
inline void check(const exact_recipe& r) {
    constexpr std::string_view source = "training without proxies";
    const auto count = [&](std::string_view name, std::int64_t value) { require_count(source, name, static_cast<std::size_t>(value), 1); };
    count("epochs", r.epochs);
    count("batch", r.batch);
    count("side", r.side);
    require_positive(source, "learning_rate", r.learning_rate);
    require_positive(source, "rate_factor", r.rate_factor);
    require_positive(source, "rate_epochs", r.rate_epochs);
    require_not_negative(source, "warmup_epochs", r.warmup_epochs);
    require_not_negative(source, "warmup_rate", r.warmup_rate);
    require_share(source, "average_decay", r.average_decay);
    require_share(source, "label_smoothing", r.label_smoothing);
    count("validate_every", r.validate_every);
}

/// Trains a net in place; what is validated is the average of its weights.
/// @param augment  how training images are changed @param validate labelled batches, as those of `train_with_proxies`
/// @param average  where the averaged net of the best top-1 is put; null: nowhere
/// @param report   called as report(image_training_progress) after every step
/// @throws input_error for a recipe that cannot be, labels that are no classes, or fewer images than a batch; nonfinite_error; what images throw
template <precision_policy Precision = fp32, convolutional_net Net, image_set Set, class Validation,
          image_augmentation Augment = io::strong_augmentation, std::invocable<const image_training_progress&> Report = no_training_report>
image_training_record train_without_proxies(Net& net, Set train, const Validation& validate, const exact_recipe& recipe, const Augment& augment = {},
                                            Net* average = nullptr, Report&& report = {}) {
    check(recipe);
    const auto began = milliseconds_of(timing_clock::wall);
    const auto device = verdant::nn::detail::device_of(net);
    const bool alone = device.is_cpu() && at::get_num_threads() == 1;
    const prefetched source{
        augmented_batches{
            std::move(train), augment, fixed_side{recipe.side}, {.batch = recipe.batch, .seed = recipe.seed, .threads = alone ? 1U : 0U}},
        alone ? looking_ahead::not_at_all : looking_ahead::in_another_thread};
    const auto steps = source.size();
    const stepwise_schedule rate{recipe.learning_rate, recipe.rate_factor, recipe.rate_epochs, recipe.warmup_epochs, recipe.warmup_rate, steps};
    rmsprop optimizer{recipe.optimizer};
    weight_average averaged{std::as_const(net), recipe.average_decay};
    require_grad(net);
    for_each_parameter(net, [&optimizer](const std::string& name, const at::Tensor& t) { optimizer.add(name, t, decay_weights{}); });
    loss_scaler scaler;
    const training mode{generator(random_stream::derived_seed(recipe.seed, 1))};
    const thread_team team;
    image_training_record record;
    for (std::int64_t epoch = 0; epoch < recipe.epochs; ++epoch) {
        image_epoch now{.epoch = epoch, .side = recipe.side};
        for (std::int64_t i = 0; i < steps; ++i) {
            const auto step = epoch * steps + i;
            now.learning_rate = rate(step);
            const auto batch = verdant::nn::detail::on_device(source(epoch, i), device);
            const auto loss = image_training_step<Precision>(net, optimizer, now.learning_rate, batch, recipe.label_smoothing, mode, scaler, epoch);
            averaged.update(std::as_const(net));
            now.loss += loss / static_cast<double>(steps);
            report(image_training_progress{step + 1, steps * recipe.epochs, epoch, loss});
        }
        if ((epoch + 1) % recipe.validate_every == 0 || epoch + 1 == recipe.epochs) {
            now.validation = verdant::nn::detail::validated<Precision>(averaged.net(), validate, device);
            if (average != nullptr && now.validation->top1 >= record.top1) *average = clone(averaged.net());
            verdant::nn::detail::keep_best(record, *now.validation);
        }
        record.epochs.push_back(now);
    }
    optimizer.clear_gradients();
    require_grad(net, false);
    record.seconds = 1e-3 * (milliseconds_of(timing_clock::wall) - began);
    return record;
}

} // namespace verdant::nn
