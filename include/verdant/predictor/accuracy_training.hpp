#pragma once

#include <verdant/error.hpp>
#include <verdant/io/named_tensors.hpp>
#include <verdant/nn/adamw.hpp>
#include <verdant/nn/from_tensor_data.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/nn/runtime.hpp>
#include <verdant/random.hpp>
#include <verdant/random_reference.hpp>
#include <verdant/surrogate/prediction_quality.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace verdant::predictor {

/// Encoded sub-networks with their accuracies.
struct accuracy_samples {
    std::vector<float> features;   ///< a row of equally many numbers for each accuracy
    std::vector<float> accuracies; ///< shares of right answers

    [[nodiscard]] std::size_t size() const noexcept { return accuracies.size(); }
    [[nodiscard]] std::size_t width() const noexcept { return accuracies.empty() ? 0 : features.size() / accuracies.size(); }
};

/// Which samples train and which validate.
struct sample_split {
    std::vector<std::int64_t> train, validation;
};

/// The published split: NumPy's permutation of the seed, the first part of which validates (`train_test_split` of scikit-learn).
/// Throws input_error unless both parts have samples.
[[nodiscard]] inline sample_split published_split(std::size_t samples, double validation_share = 0.2, std::uint32_t seed = 0) {
    const auto held = static_cast<std::size_t>(std::ceil(validation_share * static_cast<double>(samples)));
    if (!(validation_share > 0 && validation_share < 1) || held >= samples)
        throw input_error{"accuracy predictor", "split", "samples on both sides",
                          std::to_string(samples) + " samples, share " + std::to_string(validation_share)};
    const auto order = verdant::reference::numpy_random{seed}.permutation(static_cast<std::uint32_t>(samples));
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(held);
    return {.train = {middle, order.end()}, .validation = {order.begin(), middle}};
}

/// The recipe. The published one (train_moofa_predictor.py) is `published_recipe`; it depends on luck, since at its learning rate Adam may leave all
/// rectifiers of a layer dead, and then it predicts the mean. The defaults have a third of that rate, let the weights decay and average them, keep the
/// best epoch, and begin anew where nothing was learned; measured in docs/accuracy_predictors.md.
struct accuracy_training_options {
    std::int64_t epochs = 50;
    std::int64_t batch = 32;
    double learning_rate = 1e-2;
    double plateau_factor = 0.5; ///< the rate is multiplied by this ...
    std::int64_t plateau_patience = 5; ///< ... after so many epochs without a lower validation loss, and one more
    double plateau_threshold = 1e-4; ///< by which share the loss must fall to be lower
    double weight_decay = 0.3; ///< decoupled, of the matrices (Loshchilov and Hutter, ICLR 2019)
    /// The network that is judged and kept is a moving average of the weights, to which each step adds one minus this (Polyak and Juditsky, SIAM J.
    /// Control and Optimization 30(4), 1992); 0 for the weights themselves.
    double averaging = 0.998;
    bool keep_best = true; ///< the epoch with the least validation loss is kept, else the last one
    std::int64_t hidden = 400; ///< width of the three hidden layers
    std::int64_t attempts = 5; ///< trainings from different first weights at most; the one with the least validation error is kept
    double enough = 0.3; ///< correlation on the validation samples with which no other attempt follows; above 1, all are made
    std::uint64_t seed = 0; ///< of first weights and order; equal seeds give equal networks on one number of threads
};
[[nodiscard]] inline accuracy_training_options published_recipe() {
    return {.learning_rate = 3e-2, .weight_decay = 0, .averaging = 0, .keep_best = false, .attempts = 1};
}

/// What the caller of a training hears after each epoch.
struct accuracy_training_progress {
    std::int64_t attempt = 0, epoch = 0; ///< from 0
    double training_loss = 0, validation_loss = 0; ///< mean squared errors, means over batches
    double learning_rate = 0; ///< of the epoch
};

/// A trained network: `base_acc` and `layers.*` as the published checkpoints have them. `surrogate::mlp::from(state)` predicts with it,
/// `io::write_torch(path, state)` keeps it.
struct trained_accuracy_predictor {
    io::named_tensors state;
    surrogate::prediction_quality validation, training;
    std::int64_t attempt = 0; ///< the one that was kept
};

} // namespace verdant::predictor

namespace verdant::detail {

/// Three rectified layers and one without bias.
struct accuracy_network {
    std::vector<at::Tensor> weights, biases;

    accuracy_network(std::int64_t inputs, std::int64_t hidden, std::uint64_t seed) {
        auto stream = nn::generator(seed);
        std::int64_t in = inputs;
        for (int l = 0; l < 4; ++l) {
            const std::int64_t out = l < 3 ? hidden : 1;
            // As PyTorch initialises linear layers.
            const double bound = 1 / std::sqrt(static_cast<double>(in));
            weights.push_back(at::empty({out, in}).uniform_(-bound, bound, stream));
            if (l < 3) biases.push_back(at::empty({out}).uniform_(-bound, bound, stream));
            in = out;
        }
        for (auto* list : {&weights, &biases})
            for (auto& t : *list) t.set_requires_grad(true);
    }

    /// The same numbers in tensors of its own, without gradients.
    [[nodiscard]] accuracy_network copy() const {
        auto other = *this;
        for (auto* list : {&other.weights, &other.biases})
            for (auto& t : *list) t = t.detach().clone();
        return other;
    }
    /// Moves towards another network by a share of the way.
    void approach(const accuracy_network& to, double share) {
        for (std::size_t l = 0; l < weights.size(); ++l) weights[l].mul_(1 - share).add_(to.weights[l].detach(), share);
        for (std::size_t l = 0; l < biases.size(); ++l) biases[l].mul_(1 - share).add_(to.biases[l].detach(), share);
    }

    [[nodiscard]] at::Tensor operator()(at::Tensor x) const {
        for (std::size_t l = 0; l < biases.size(); ++l) x = at::relu(at::linear(x, weights[l], biases[l]));
        return at::linear(x, weights.back()).squeeze(1);
    }

    [[nodiscard]] io::named_tensors state(float offset) const {
        io::named_tensors out{"accuracy predictor"};
        out.add("base_acc", io::tensor_data::of<float>({1}, std::vector<float>{offset}));
        for (std::size_t l = 0; l < biases.size(); ++l) {
            const auto stem = "layers." + std::to_string(l) + ".0";
            out.add(stem + ".weight", nn::to_tensor_data(weights[l]));
            out.add(stem + ".bias", nn::to_tensor_data(biases[l]));
        }
        out.add("layers.3.weight", nn::to_tensor_data(weights.back()));
        return out;
    }
};

/// Numbers too small for a normal exponent become zero while the object lives: the moments of weights without gradients fall among them, and there
/// arithmetic is many times slower.
class flush_denormals {
public:
#if defined(__SSE2__)
    flush_denormals() : before_{_mm_getcsr()} { _mm_setcsr(before_ | 0x8040U); }
    ~flush_denormals() { _mm_setcsr(before_); }
#else
    flush_denormals() = default;
    ~flush_denormals() = default;
#endif
    flush_denormals(const flush_denormals&) = delete;
    flush_denormals& operator=(const flush_denormals&) = delete;

private:
    [[maybe_unused]] unsigned before_ = 0;
};

/// ReduceLROnPlateau of PyTorch, mode "min" with a relative threshold.
class plateau_schedule {
public:
    plateau_schedule(double rate, double factor, std::int64_t patience, double threshold)
        : rate_{rate}, factor_{factor}, threshold_{threshold}, patience_{patience} {}

    [[nodiscard]] double rate() const { return rate_; }
    void tell(double loss) {
        if (loss < best_ * (1 - threshold_)) {
            best_ = loss;
            bad_ = 0;
        } else if (++bad_ > patience_) {
            rate_ *= factor_;
            bad_ = 0;
        }
    }

private:
    double rate_, factor_, threshold_, best_ = std::numeric_limits<double>::infinity();
    std::int64_t patience_, bad_ = 0;
};

/// Samples on one side, as tensors.
struct accuracy_part {
    at::Tensor features, targets;

    accuracy_part(const at::Tensor& all, const at::Tensor& targets_of_all, const std::vector<std::int64_t>& rows) {
        const auto index = at::tensor(rows, at::TensorOptions{}.dtype(at::kLong));
        features = all.index_select(0, index);
        targets = targets_of_all.index_select(0, index);
    }
    [[nodiscard]] std::int64_t size() const { return targets.size(0); }
    /// The mean over batches of their mean squared errors.
    [[nodiscard]] double loss(const accuracy_network& network, std::int64_t batch) const {
        double sum = 0;
        std::int64_t batches = 0;
        const auto predicted = network(features);
        for (std::int64_t at = 0; at < size(); at += batch, ++batches) {
            const auto end = std::min(at + batch, size());
            sum += at::mse_loss(predicted.slice(0, at, end), targets.slice(0, at, end)).item<double>();
        }
        return sum / static_cast<double>(batches);
    }
    [[nodiscard]] surrogate::prediction_quality quality(const accuracy_network& network) const {
        const auto predicted = network(features).contiguous();
        const auto n = static_cast<std::size_t>(size());
        return surrogate::quality_of(std::span<const float>{predicted.data_ptr<float>(), n}, std::span<const float>{targets.data_ptr<float>(), n});
    }
};

} // namespace verdant::detail

namespace verdant::predictor {

/// Trains the accuracy predictor of MOOFA: three rectified layers of `hidden` and one output without bias, on accuracies without their mean, by
/// Adam on the mean squared error with a rate that falls where the validation loss does.
/// @param progress called with `accuracy_training_progress` after each epoch
/// Throws input_error for features or a split that do not fit, or options out of range.
template <class Progress>
[[nodiscard]] trained_accuracy_predictor train_accuracy_predictor(const accuracy_samples& samples, const sample_split& split,
                                                                  const accuracy_training_options& o, Progress&& progress) {
    const auto n = static_cast<std::int64_t>(samples.size()), width = static_cast<std::int64_t>(samples.width());
    if (n == 0 || samples.features.size() != samples.size() * samples.width() || width == 0)
        throw input_error{"accuracy predictor", "samples", "a row of equally many features for each accuracy",
                          std::to_string(samples.features.size()) + " features for " + std::to_string(n)};
    if (o.epochs < 1 || o.batch < 1 || o.hidden < 1 || o.attempts < 1 || !(o.learning_rate > 0) || !(o.averaging >= 0 && o.averaging < 1))
        throw input_error{"accuracy predictor", "options",
                          "epochs, batch, width, attempts and learning rate above 0, averaging from 0 to less than 1", "others"};
    for (const auto* side : {&split.train, &split.validation})
        if (side->empty() || *std::min_element(side->begin(), side->end()) < 0 || *std::max_element(side->begin(), side->end()) >= n)
            throw input_error{"accuracy predictor", "split", "samples from 0 to " + std::to_string(n - 1) + " on both sides", "others"};
    double mean = 0;
    for (const auto a : samples.accuracies) mean += static_cast<double>(a) / static_cast<double>(n);

    const auto all = at::tensor(samples.features).view({n, width}), targets = at::tensor(samples.accuracies) - mean;
    const detail::accuracy_part train{all, targets, split.train}, validation{all, targets, split.validation};
    const detail::flush_denormals flush;
    trained_accuracy_predictor best;
    best.validation.rmse = std::numeric_limits<double>::infinity();
    for (std::int64_t attempt = 0; attempt < o.attempts; ++attempt) {
        const auto seed = splitmix64(o.seed + splitmix64(static_cast<std::uint64_t>(attempt)));
        const detail::accuracy_network network{width, o.hidden, seed};
        auto averaged = network.copy(), kept = averaged;
        double least = std::numeric_limits<double>::infinity();
        std::int64_t steps = 0;
        nn::adamw adam{{.weight_decay = o.weight_decay, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}};
        for (const auto* list : {&network.weights, &network.biases})
            for (std::size_t l = 0; l < list->size(); ++l) adam.add((list == &network.weights ? "weight" : "bias") + std::to_string(l), (*list)[l]);
        detail::plateau_schedule rate{o.learning_rate, o.plateau_factor, o.plateau_patience, o.plateau_threshold};
        std::vector<std::int64_t> order(split.train.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
        for (std::int64_t epoch = 0; epoch < o.epochs; ++epoch) {
            auto shuffle = random_stream::derive(seed, static_cast<std::uint64_t>(epoch));
            shuffle.shuffle(std::span{order});
            const detail::accuracy_part shuffled{train.features, train.targets, order};
            double sum = 0;
            std::int64_t batches = 0;
            const c10::AutoGradMode on{true};
            for (std::int64_t at = 0; at < shuffled.size(); at += o.batch, ++batches) {
                const auto end = std::min(at + o.batch, shuffled.size());
                const auto loss = at::mse_loss(network(shuffled.features.slice(0, at, end)), shuffled.targets.slice(0, at, end));
                loss.backward();
                adam.step(rate.rate());
                adam.clear_gradients();
                // Early steps count more, so that the first weights are forgotten soon.
                const auto count = static_cast<double>(++steps);
                const c10::AutoGradMode quiet{false};
                averaged.approach(network, 1 - std::min(o.averaging, (1 + count) / (10 + count)));
                sum += loss.item<double>();
            }
            const c10::AutoGradMode off{false};
            const accuracy_training_progress report{attempt, epoch, sum / static_cast<double>(batches), validation.loss(averaged, o.batch),
                                                    rate.rate()};
            rate.tell(report.validation_loss);
            if (!o.keep_best || report.validation_loss < least || epoch == 0) {
                least = report.validation_loss;
                kept = averaged.copy();
            }
            progress(report);
        }
        const c10::AutoGradMode off{false};
        if (const auto quality = validation.quality(kept); attempt == 0 || quality.rmse < best.validation.rmse)
            best = {.state = kept.state(static_cast<float>(mean)), .validation = quality, .training = train.quality(kept), .attempt = attempt};
        if (best.validation.pearson >= o.enough) break;
    }
    return best;
}
[[nodiscard]] inline trained_accuracy_predictor train_accuracy_predictor(const accuracy_samples& samples, const sample_split& split,
                                                                         const accuracy_training_options& options = {}) {
    return train_accuracy_predictor(samples, split, options, [](const accuracy_training_progress&) {});
}

} // namespace verdant::predictor
