#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/error.hpp>
#include <verdant/image/strong_augmentation.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/nn/batches/augmented_batches.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/nn/optim/epoch_schedule.hpp>
#include <verdant/nn/optim/rmsprop.hpp>
#include <verdant/nn/optim/weight_average.hpp>
#include <verdant/nn/recipes/image_training.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
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
    rmsprop_options optimizer{}; ///< weight decay is that of tensors of more than one axis that are not biases
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
template <class = instantiated_when_used>
void check(const exact_recipe& r) {
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
VERDANT_DEFINED_ONCE(void check<>(const exact_recipe&));

/// Trains a net in place; what is validated is the average of its weights.
/// @param augment  how training images are changed @param validate labelled batches, as those of `train_with_proxies`
/// @param average  where the averaged net of the best top-1 is put; null: nowhere
/// @param report   called as report(image_training_progress) after every step
/// @throws input_error for a recipe that cannot be, labels that are not classes, or fewer images than a batch; nonfinite_error; what images throw
template <precision_policy Precision = fp32, convolutional_net Net, image_set Set, class Validation,
          image_augmentation Augment = io::strong_augmentation, std::invocable<const image_training_progress&> Report = no_training_report>
image_training_record train_without_proxies(Net& net, Set train, const Validation& validate, const exact_recipe& recipe, const Augment& augment = {},
                                            Net* average = nullptr, Report&& report = {}) {
    check(recipe);
    const auto began = milliseconds_of(timing_clock::wall);
    weight_average averaged{std::as_const(net), recipe.average_decay};
    return verdant::nn::detail::train_images<Precision, training>(
        net, {.epochs = recipe.epochs, .label_smoothing = recipe.label_smoothing, .seed = recipe.seed, .began = began},
        [&](unsigned threads) {
            return augmented_batches{
                std::move(train), augment, fixed_side{recipe.side}, {.batch = recipe.batch, .seed = recipe.seed, .threads = threads}};
        },
        [&](std::int64_t steps) {
            return stepwise_schedule{recipe.learning_rate, recipe.rate_factor, recipe.rate_epochs, recipe.warmup_epochs, recipe.warmup_rate, steps};
        },
        fixed_side{recipe.side}, rmsprop{recipe.optimizer}, [&] { averaged.update(std::as_const(net)); },
        [&](std::int64_t epoch, at::Device device, const image_training_record& before) -> std::optional<image_score> {
            if ((epoch + 1) % recipe.validate_every != 0 && epoch + 1 != recipe.epochs) return {};
            const auto score = verdant::nn::detail::validated<Precision>(averaged.net(), validate, device);
            if (average != nullptr && score.top1 >= before.top1) *average = clone(averaged.net());
            return score;
        },
        report);
}

} // namespace verdant::nn
