#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/data/sampling/progressive_resolution.hpp>
#include <verdant/error.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/nn/batches/augmented_batches.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/peak_memory.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/nn/optim/epoch_schedule.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/recipes/image_training.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/text/number.hpp>

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Trains a network cheaply, so that many can be ranked.
namespace verdant::nn {

/// A training with proxies. The defaults are those with which Accel-NASBench collects accuracies on ImageNet, on each of four graphics cards (DAC
/// 2024, doi 10.1145/3649329.3657391; ANB-DatasetCollection, train_nmodels_proxified.py and conf_local.cfg).
struct proxy_recipe {
    std::int64_t epochs = 16;
    std::int64_t batch = 512;
    progressive_resolution resolution{};
    double learning_rate = 0.425; ///< at the peak of the triangle
    double first_rate = 1e-4; ///< of the learning rate, at the first step
    double peak_epoch = 2;
    double momentum = 0.9;
    double weight_decay = 1e-4; ///< of tensors of more than one axis that are not biases
    double label_smoothing = 0.1;
    double smallest_crop = 0.08; ///< share of a training image's area that is seen at least
    double flip = 0.5; ///< probability that left and right are exchanged
    std::int64_t validated = 3; ///< epochs at the end
    std::int64_t validation_batch = 128;
    std::int64_t validation_side = 256; ///< pixels
    std::int64_t memory_limit = 22'000'000'000; ///< bytes that a step at the greatest side may take; 0: no step is tried
    std::uint64_t seed = 0; ///< of order, augmentation and dropout; weights are the caller's

    using described = members<member<"epochs", &proxy_recipe::epochs>, member<"batch", &proxy_recipe::batch>,
                              member<"resolution", &proxy_recipe::resolution>, member<"learning_rate", &proxy_recipe::learning_rate>,
                              member<"first_rate", &proxy_recipe::first_rate>, member<"peak_epoch", &proxy_recipe::peak_epoch>,
                              member<"momentum", &proxy_recipe::momentum>, member<"weight_decay", &proxy_recipe::weight_decay>,
                              member<"label_smoothing", &proxy_recipe::label_smoothing>, member<"smallest_crop", &proxy_recipe::smallest_crop>,
                              member<"flip", &proxy_recipe::flip>, member<"validated", &proxy_recipe::validated>,
                              member<"validation_batch", &proxy_recipe::validation_batch>, member<"validation_side", &proxy_recipe::validation_side>,
                              member<"memory_limit", &proxy_recipe::memory_limit>, member<"seed", &proxy_recipe::seed>>;
};

/// @throws input_error that names the first option that cannot be
template <class = instantiated_when_used>
void check(const proxy_recipe& r) {
    constexpr std::string_view source = "training with proxies";
    const auto count = [&](std::string_view name, std::int64_t value, std::size_t least) {
        require_count(source, name, static_cast<std::size_t>(value), least);
    };
    count("epochs", r.epochs, 1);
    count("batch", r.batch, 1);
    check(r.resolution);
    require_positive(source, "learning_rate", r.learning_rate);
    require_share(source, "first_rate", r.first_rate);
    if (!(r.peak_epoch > 0 && r.peak_epoch < static_cast<double>(r.epochs)))
        throw input_error{source, "peak_epoch", "an epoch after the first and before the last, " + std::to_string(r.epochs),
                          exact_text(r.peak_epoch)};
    require_share(source, "momentum", r.momentum);
    require_not_negative(source, "weight_decay", r.weight_decay);
    require_share(source, "label_smoothing", r.label_smoothing);
    require_positive(source, "smallest_crop", r.smallest_crop);
    require_share(source, "smallest_crop", r.smallest_crop);
    require_share(source, "flip", r.flip);
    count("validated", r.validated, 1);
    count("validation_batch", r.validation_batch, 1);
    count("validation_side", r.validation_side, 1);
    if (r.memory_limit < 0) throw input_error{source, "memory_limit", "bytes, or 0 for no limit", std::to_string(r.memory_limit)};
}
VERDANT_DEFINED_ONCE(void check<>(const proxy_recipe&));

/// The bytes that a forward and a backward pass of a net take at most, besides its weights, on a batch of images of zeros. The net's gradients and
/// statistics are as before.
template <precision_policy Precision = fp32, convolutional_net Net>
[[nodiscard]] std::int64_t step_memory(const Net& net, std::int64_t batch, std::int64_t side) {
    auto tried = clone(net);
    require_grad(tried);
    const auto device = verdant::nn::detail::device_of(tried);
    const labelled_images zeros{at::zeros({batch, 3, side, side}, at::TensorOptions{}.dtype(at::kFloat).device(device)),
                                at::zeros({batch}, at::TensorOptions{}.dtype(at::kLong).device(device))};
    sgd optimizer;
    loss_scaler scaler;
    const peak_memory watched;
    image_training_step<Precision>(tried, optimizer, 0, zeros, 0, training{generator(0)}, scaler);
    return watched.bytes();
}

namespace detail {

/// The loop of a training with proxies. @param until the epoch that it stops before @param state see `train_images`
template <nn::precision_policy Precision, std::derived_from<nn::training> Mode, nn::convolutional_net Net, nn::image_set Set, class Validation,
          class Report, class State>
nn::image_training_record proxied(Net& net, Set& train, const Validation& validate, const nn::proxy_recipe& recipe, std::int64_t until,
                                  const io::channel_statistics& statistics, Report& report, State state) {
    const auto began = nn::milliseconds_of(nn::timing_clock::wall);
    const io::augmentation how{
        .crop = {.smallest = recipe.smallest_crop, .largest = 1}, .flip = recipe.flip, .colours = {}, .statistics = statistics};
    return train_images<Precision, Mode>(
        net, {.epochs = recipe.epochs, .label_smoothing = recipe.label_smoothing, .seed = recipe.seed, .began = began, .until = until},
        [&](unsigned threads) {
            return nn::augmented_batches{
                std::move(train), nn::plain_augmentation{how}, recipe.resolution, {.batch = recipe.batch, .seed = recipe.seed, .threads = threads}};
        },
        [&](std::int64_t steps) {
            return nn::piecewise_linear_schedule::triangle(recipe.learning_rate, recipe.peak_epoch, static_cast<double>(recipe.epochs), steps,
                                                           recipe.first_rate);
        },
        recipe.resolution, nn::sgd{{.momentum = recipe.momentum, .nesterov = false, .weight_decay = recipe.weight_decay}}, [] {},
        [&](std::int64_t epoch, at::Device device, const nn::image_training_record&) -> std::optional<nn::image_score> {
            if (epoch < until - recipe.validated) return {};
            return validated<Precision>(std::as_const(net), validate, device);
        },
        report, state);
}

} // namespace detail

/// Trains a net in place from its weights, with an image size that grows, and validates the last epochs.
/// @param net      forward(net, images [B, 3, S, S], mode) gives logits; for_each_tensor visits its tensors
/// @param validate labelled batches of `recipe.validation_side`, such as evaluation_batches(...).loaded(), which many trainings share
/// @param statistics by which training images are normalised, and those of `validate` were
/// @param report   called as report(image_training_progress) after every step
/// @throws input_error for a recipe that cannot be, labels that are not classes, or fewer images than a batch; nonfinite_error; what images throw
/// @tparam Mode how layers are computed: `training`, or `training_channels_last` for narrow nets on one thread
template <precision_policy Precision = fp32, std::derived_from<training> Mode = training, convolutional_net Net, image_set Set, class Validation,
          std::invocable<const image_training_progress&> Report = no_training_report>
image_training_record train_with_proxies(Net& net, Set train, const Validation& validate, const proxy_recipe& recipe,
                                         const io::channel_statistics& statistics = io::imagenet_statistics, Report&& report = {}) {
    check(recipe);
    return verdant::nn::detail::proxied<Precision, Mode>(net, train, validate, recipe, recipe.epochs, statistics, report, nullptr);
}

/// The first epochs of such a training, or those that follow: learning rates and image sizes are those of the whole one, so that parts, one after the
/// other, train the weights of `train_with_proxies`, bit for bit. Of each part the last `recipe.validated` epochs are validated.
/// @param until epochs in all, of those of the recipe: at least as many as are done
/// @param state where the training stands, whose weights the net has; one that is empty begins. Afterwards where it stands then
/// @return what the epochs so far gave; the scores are the best of the last `recipe.validated` of them
/// @throws input_error for more epochs than the recipe has or fewer than are done, and for a state of another net or of other images; as
/// `train_with_proxies` does
template <precision_policy Precision = fp32, std::derived_from<training> Mode = training, convolutional_net Net, image_set Set, class Validation,
          std::invocable<const image_training_progress&> Report = no_training_report>
image_training_record train_with_proxies_until(std::int64_t until, image_training_state& state, Net& net, Set train, const Validation& validate,
                                               const proxy_recipe& recipe, const io::channel_statistics& statistics = io::imagenet_statistics,
                                               Report&& report = {}) {
    check(recipe);
    const auto least = std::max<std::int64_t>(state.epochs, 1);
    if (until < least || until > recipe.epochs)
        throw input_error{"training with proxies", "until",
                          std::to_string(least) + " to " + std::to_string(recipe.epochs) + " epochs, those of the recipe", std::to_string(until)};
    auto record = verdant::nn::detail::proxied<Precision, Mode>(net, train, validate, recipe, until, statistics, report, &state);
    // Epochs before these were validated for a part that ended there, and do not count for this one.
    record.top1 = record.top5 = 0;
    for (const auto& e : record.epochs)
        if (e.validation && e.epoch >= until - recipe.validated) verdant::nn::detail::keep_best(record, *e.validation);
    return record;
}

} // namespace verdant::nn
