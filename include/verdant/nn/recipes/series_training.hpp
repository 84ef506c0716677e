#pragma once

#include <verdant/data/sampling/sampler.hpp>
#include <verdant/data/series/labelled_series.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/nn/batches/label_range.hpp>
#include <verdant/nn/batches/score_check.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/recipes/image_training.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/numeric/class_metrics.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/stream.hpp>

#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Trains one-dimensional networks on series.
namespace verdant::nn {

/// What is minimised: the cross-entropy of one class, or that of each of several labels.
enum class series_loss : unsigned char { one_class, several_labels };
/// How a network is judged.
enum class series_metric : unsigned char {
    f1_of_recordings, ///< mean F1 of the classes that most windows of a recording have
    top1,             ///< share of series whose class has the highest score
    area_under_roc,   ///< mean over labels, those left out that all or no series have
};
enum class series_optimizer : unsigned char { adam, sgd };
/// What becomes of training series that do not fill a batch.
enum class last_batch : unsigned char { smaller, left_out };

/// A training on series at a constant rate, in 32 bits, validated after every epoch.
struct series_recipe {
    std::int64_t epochs = 24;
    std::int64_t batch = 256;
    series_optimizer optimizer = series_optimizer::adam;
    double learning_rate = 1e-3;
    double momentum = 0.9; ///< of stochastic gradient descent
    series_loss loss = series_loss::one_class;
    series_metric metric = series_metric::top1;
    last_batch last = last_batch::smaller;
    std::uint64_t seed = 0; ///< of order and dropout; weights are the caller's

    using described = members<member<"epochs", &series_recipe::epochs>, member<"batch", &series_recipe::batch>,
                              member<"optimizer", &series_recipe::optimizer>, member<"learning_rate", &series_recipe::learning_rate>,
                              member<"momentum", &series_recipe::momentum>, member<"loss", &series_recipe::loss>,
                              member<"metric", &series_recipe::metric>, member<"last", &series_recipe::last>, member<"seed", &series_recipe::seed>>;
};

/// The recipes of Accel-NASBench (ANB-DatasetCollection: ecg-code, satellite-code, deepsea-code). Satellite is trained in half precision there:
/// `amp`.
inline constexpr series_recipe ecg_recipe{.epochs = 24, .batch = 256, .metric = series_metric::f1_of_recordings};
inline constexpr series_recipe satellite_recipe{.epochs = 16, .batch = 1024, .last = last_batch::left_out};
inline constexpr series_recipe deepsea_recipe{
    .epochs = 16, .batch = 1024, .optimizer = series_optimizer::sgd, .loss = series_loss::several_labels, .metric = series_metric::area_under_roc};

/// What a training on series gave.
struct series_training_record {
    double best = 0; ///< of the recipe's metric
    double best_precision = 0; ///< of several labels: the best mean area under precision over recall; NaN for one class
    double seconds = 0;
    std::vector<double> epochs; ///< the metric after each
};

/// @throws input_error that names the first option that cannot be
template <class = instantiated_when_used>
void check(const series_recipe& r) {
    constexpr std::string_view source = "training on series";
    require_count(source, "epochs", static_cast<std::size_t>(r.epochs), 1);
    require_count(source, "batch", static_cast<std::size_t>(r.batch), 1);
    require_positive(source, "learning_rate", r.learning_rate);
    require_share(source, "momentum", r.momentum);
    if ((r.loss == series_loss::several_labels) != (r.metric == series_metric::area_under_roc))
        throw input_error{source, "metric", "the area under ROC for several labels, another one for one class", "the other way round"};
}
VERDANT_DEFINED_ONCE(void check<>(const series_recipe&));

namespace detail {

/// Series of some rows as a batch [B, channels, length], on a device.
[[nodiscard]] inline at::Tensor series_rows(const data::labelled_series& d, std::span<const std::int64_t> rows, at::Device device) {
    const auto each = d.channels * d.length;
    auto out =
        at::empty({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(d.channels), static_cast<std::int64_t>(d.length)}, at::kFloat);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(d.values.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(rows[i]) * each), each, out.data_ptr<float>() + i * each);
    return out.to(device);
}

/// Their labels: [B] classes, or [B, targets].
[[nodiscard]] inline at::Tensor series_labels(const data::labelled_series& d, std::span<const std::int64_t> rows, nn::series_loss loss,
                                              at::Device device) {
    const auto n = static_cast<std::int64_t>(rows.size()), targets = static_cast<std::int64_t>(d.targets);
    auto out = at::empty({n, targets}, at::kLong);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(d.labels.begin() + static_cast<std::ptrdiff_t>(rows[i] * targets), targets,
                    out.data_ptr<std::int64_t>() + static_cast<std::ptrdiff_t>(i) * targets);
    return (loss == nn::series_loss::one_class ? out.flatten() : out.to(at::kFloat)).to(device);
}

/// Scores of all series in order, [N, outputs] in 64 bits on the processor.
template <nn::precision_policy Precision, class Net>
[[nodiscard]] at::Tensor series_scores(const Net& net, const data::labelled_series& d, std::int64_t batch, at::Device device) {
    const c10::AutoGradMode off{false};
    const typename Precision::scope scope{device};
    std::vector<at::Tensor> parts;
    std::vector<std::int64_t> rows;
    for (std::int64_t first = 0; first < static_cast<std::int64_t>(d.size()); first += batch) {
        rows.clear();
        for (auto i = first; i < std::min(first + batch, static_cast<std::int64_t>(d.size())); ++i) rows.push_back(i);
        parts.push_back(forward(net, series_rows(d, rows, device), nn::evaluating{}).to(at::kCPU, at::kDouble));
    }
    return at::cat(parts).contiguous();
}

} // namespace detail

/// How a net is judged on series. @return the metric, and of several labels the mean area under precision over recall
/// @throws input_error where scores and labels do not fit together, recordings are missing, or the net gives NaN
template <precision_policy Precision = fp32, class Net>
[[nodiscard]] std::pair<double, double> judge_series(const Net& net, const data::labelled_series& d, const series_recipe& recipe,
                                                     at::Device device = at::kCPU) {
    if (d.size() == 0) throw input_error{"training on series", "series", "at least one to validate with", "none"};
    const at::Tensor scores = verdant::nn::detail::series_scores<Precision>(net, d, recipe.batch, device);
    check_scores(scores, "training on series");
    const auto outputs = static_cast<std::size_t>(scores.size(1));
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (recipe.metric == series_metric::area_under_roc) {
        if (outputs != d.targets)
            throw input_error{"training on series", "labels", std::to_string(outputs) + " of each series", std::to_string(d.targets)};
        std::vector<double> roc, precision, column(d.size());
        std::vector<std::int64_t> truth(d.size());
        for (std::size_t t = 0; t < outputs; ++t) {
            for (std::size_t i = 0; i < d.size(); ++i) column[i] = scores.data_ptr<double>()[i * outputs + t], truth[i] = d.labels[i * outputs + t];
            roc.push_back(surrogate::area_under_roc(column, truth));
            precision.push_back(surrogate::area_under_precision_recall(column, truth));
        }
        return {surrogate::mean_without_nan(roc), surrogate::mean_without_nan(precision)};
    }
    const at::Tensor best = scores.argmax(1).contiguous();
    const std::span predicted{best.data_ptr<std::int64_t>(), d.size()};
    if (recipe.metric == series_metric::top1) {
        double right = 0;
        for (std::size_t i = 0; i < d.size(); ++i) right += predicted[i] == d.labels[i] ? 1 : 0;
        return {right / static_cast<double>(d.size()), none};
    }
    if (d.recordings.size() != d.size())
        throw input_error{"training on series", "recordings", "one of each window", std::to_string(d.recordings.size())};
    const auto count = *std::max_element(d.recordings.begin(), d.recordings.end()) + 1;
    const auto votes = surrogate::majority_votes(predicted, d.recordings, count, outputs);
    std::vector<std::int64_t> truth(count, -1), kept_votes, kept_truth;
    for (std::size_t i = 0; i < d.size(); ++i) truth[d.recordings[i]] = d.labels[i];
    for (std::size_t r = 0; r < count; ++r)
        if (truth[r] >= 0) kept_votes.push_back(votes[r]), kept_truth.push_back(truth[r]); // recordings too short for a window have no vote
    return {surrogate::mean_f1(kept_votes, kept_truth, outputs), none};
}

/// Trains a net in place on series and keeps the best value of the metric over the epochs.
/// @param net forward(net, series [B, channels, length], mode) gives scores; for_each_tensor visits its tensors
/// @throws input_error for a recipe that cannot be, no series, or labels that are not classes; nonfinite_error
template <precision_policy Precision = fp32, convolutional_net Net>
series_training_record train_on_series(Net& net, const data::labelled_series& train, const data::labelled_series& validate,
                                       const series_recipe& recipe) {
    check(recipe);
    if (train.size() == 0) throw input_error{"training on series", "series", "at least one", "none"};
    const auto began = milliseconds_of(timing_clock::wall);
    const auto device = verdant::nn::detail::device_of(net);
    const auto items = static_cast<std::int64_t>(train.size()),
               steps = recipe.last == last_batch::left_out ? items / recipe.batch : (items + recipe.batch - 1) / recipe.batch;
    if (steps == 0)
        throw input_error{"training on series", "batch", "at most the " + std::to_string(items) + " series", std::to_string(recipe.batch)};
    adamw adam{{.weight_decay = 0, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}};
    sgd descent{{.momentum = recipe.momentum, .nesterov = false, .weight_decay = 0}};
    require_grad(net);
    for_each_parameter(net, [&](const std::string& name, const at::Tensor& t) {
        if (recipe.optimizer == series_optimizer::adam) adam.add(name, t);
        else descent.add(name, t);
    });
    loss_scaler scaler;
    nonfinite_guard guard, scaling{verdant::nn::detail::scales_in_a_row};
    training mode{generator(random_stream::derived_seed(recipe.seed, 1))};
    series_training_record record{.best = 0, .best_precision = std::numeric_limits<double>::quiet_NaN(), .seconds = 0, .epochs = {}};
    std::vector<std::int64_t> order(train.size());
    for (std::int64_t epoch = 0; epoch < recipe.epochs; ++epoch) {
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
        random_stream::derive(recipe.seed, static_cast<std::uint64_t>(epoch)).shuffle(std::span{order});
        for (std::int64_t step = 0; step < steps; ++step) {
            const c10::AutoGradMode on{true};
            const auto rows = std::span{order}.subspan(static_cast<std::size_t>(step * recipe.batch),
                                                       static_cast<std::size_t>(std::min(recipe.batch, items - step * recipe.batch)));
            const auto labels = verdant::nn::detail::series_labels(train, rows, recipe.loss, device);
            adam.clear_gradients();
            descent.clear_gradients();
            at::Tensor loss;
            {
                const typename Precision::scope scope{device};
                const auto scores = forward(net, verdant::nn::detail::series_rows(train, rows, device), mode).to(at::kFloat);
                check_labels(labels, scores.size(1), "training on series");
                loss = recipe.loss == series_loss::one_class ? at::cross_entropy_loss(scores, labels)
                                                             : at::binary_cross_entropy_with_logits(scores, labels);
            }
            const double scale = scales_loss<Precision> ? scaler.scale() : 1;
            (scale == 1 ? loss : loss * scale).backward();
            const bool finite = verdant::nn::detail::unscale_gradients(net, scale);
            const auto value = loss.template item<double>();
            if constexpr (scales_loss<Precision>) {
                scaler.update(finite);
                // The scale may be at fault, unless it is so often; of a loss that is not a number it is not.
                if (std::isfinite(value) && !scaling.takes(value, finite, epoch * steps + step, epoch)) continue;
            }
            guard.takes(value, finite, epoch * steps + step, epoch);
            if (recipe.optimizer == series_optimizer::adam) adam.step(recipe.learning_rate);
            else descent.step(recipe.learning_rate);
        }
        const auto [metric, precision] = judge_series<Precision>(std::as_const(net), validate, recipe, device);
        record.epochs.push_back(metric);
        record.best = epoch == 0 ? metric : std::max(record.best, metric);
        if (!(record.best_precision >= precision)) record.best_precision = precision;
    }
    adam.clear_gradients();
    descent.clear_gradients();
    require_grad(net, false);
    record.seconds = 1e-3 * (milliseconds_of(timing_clock::wall) - began);
    return record;
}

} // namespace verdant::nn
