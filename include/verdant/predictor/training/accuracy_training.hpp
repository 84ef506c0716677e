#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/meta/callable_address.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/weight_decay.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/numeric/prediction_quality.hpp>
#include <verdant/random/numpy.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/text/number.hpp>

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
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/// Trains predictors of accuracy.
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
template <class = instantiated_when_used>
[[nodiscard]] sample_split published_split(std::size_t samples, double validation_share = 0.2, std::uint32_t seed = 0) {
    const auto held = static_cast<std::size_t>(std::ceil(validation_share * static_cast<double>(samples)));
    if (!(validation_share > 0 && validation_share < 1) || held >= samples)
        throw input_error{"accuracy predictor", "split", "samples on both sides",
                          std::to_string(samples) + " samples, share " + std::to_string(validation_share)};
    const auto order = verdant::reference::numpy_random{seed}.permutation(static_cast<std::uint32_t>(samples));
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(held);
    return {.train = {middle, order.end()}, .validation = {order.begin(), middle}};
}
VERDANT_DEFINED_ONCE(sample_split published_split<>(std::size_t, double, std::uint32_t));

/// The recipe. The published one (train_moofa_predictor.py) is `published_recipe`; it depends on luck, since at its learning rate Adam may leave all
/// rectifiers of a layer dead, and then it predicts the mean. The defaults have a third of that rate, let the weights decay and average them, keep
/// the best epoch, and begin anew where nothing was learned; measured in docs/accuracy_predictors.md.
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

namespace detail {

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

/// One training from first weights of its own: the network, the moving average of its weights, and the average of the epoch that is kept.
class accuracy_attempt {
public:
    accuracy_attempt(const accuracy_part& train, const accuracy_part& validation, const predictor::accuracy_training_options& o, std::int64_t number)
        : train_{train}, validation_{validation}, options_{o}, number_{number},
          seed_{splitmix64(o.seed + splitmix64(static_cast<std::uint64_t>(number)))}, network_{train.features.size(1), o.hidden, seed_},
          averaged_{network_.copy()}, kept_{averaged_}, adam_{{.weight_decay = o.weight_decay, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}},
          rate_{o.learning_rate, o.plateau_factor, o.plateau_patience, o.plateau_threshold}, order_(static_cast<std::size_t>(train.size())) {
        for (std::size_t l = 0; l < network_.weights.size(); ++l) adam_.add("weight" + std::to_string(l), network_.weights[l], nn::decay_matrices{});
        for (std::size_t l = 0; l < network_.biases.size(); ++l) adam_.add("bias" + std::to_string(l), network_.biases[l], nn::decay_matrices{});
        std::iota(order_.begin(), order_.end(), 0);
    }

    [[nodiscard]] predictor::accuracy_training_progress run_epoch(std::int64_t epoch) {
        auto shuffle = random_stream::derive(seed_, static_cast<std::uint64_t>(epoch));
        shuffle.shuffle(std::span{order_});
        const double training_loss = pass_over({train_.features, train_.targets, order_}, epoch);
        const c10::AutoGradMode off{false};
        const predictor::accuracy_training_progress report{number_, epoch, training_loss, validation_.loss(averaged_, options_.batch), rate_.rate()};
        // Of infinite losses none is the least, and the first epoch would be kept; after a finite one that is kept they do no harm.
        if (!std::isfinite(report.validation_loss) && (!options_.keep_best || !std::isfinite(least_)))
            throw nn::nonfinite_error{"training stops in epoch " + std::to_string(epoch + 1) + ", since the loss of the validation samples is " +
                                      exact_text(report.validation_loss) + "; look for an accuracy that is none, or lower the learning rate"};
        rate_.tell(report.validation_loss);
        if (!options_.keep_best || report.validation_loss < least_ || epoch == 0) {
            least_ = report.validation_loss;
            kept_ = averaged_.copy();
        }
        return report;
    }

    [[nodiscard]] const accuracy_network& kept() const { return kept_; }

private:
    /// A step for each batch. Gives the mean of the losses before the steps.
    [[nodiscard]] double pass_over(const accuracy_part& shuffled, std::int64_t epoch) {
        double sum = 0;
        std::int64_t batches = 0;
        const c10::AutoGradMode on{true};
        for (std::int64_t at = 0; at < shuffled.size(); at += options_.batch, ++batches) {
            const auto end = std::min(at + options_.batch, shuffled.size());
            const auto loss = at::mse_loss(network_(shuffled.features.slice(0, at, end)), shuffled.targets.slice(0, at, end));
            const auto value = loss.item<double>();
            guard_.takes(value, true, adam_.steps(), epoch);
            loss.backward();
            adam_.step(rate_.rate());
            adam_.clear_gradients();
            // Early steps count more, so that the first weights are forgotten soon.
            const auto count = static_cast<double>(adam_.steps());
            const c10::AutoGradMode quiet{false};
            averaged_.approach(network_, 1 - std::min(options_.averaging, (1 + count) / (10 + count)));
            sum += value;
        }
        return sum / static_cast<double>(batches);
    }

    const accuracy_part& train_;
    const accuracy_part& validation_;
    const predictor::accuracy_training_options& options_;
    std::int64_t number_;
    std::uint64_t seed_;
    accuracy_network network_, averaged_, kept_;
    nn::adamw adam_;
    nn::nonfinite_guard guard_;
    plateau_schedule rate_;
    std::vector<std::int64_t> order_;
    double least_ = std::numeric_limits<double>::infinity();
};

/// Throws input_error for samples, a split or options with which no predictor can be trained.
template <class = instantiated_when_used>
void check_accuracy_training(const predictor::accuracy_samples& samples, const predictor::sample_split& split,
                             const predictor::accuracy_training_options& o) {
    const auto n = static_cast<std::int64_t>(samples.size());
    if (n == 0 || samples.features.size() != samples.size() * samples.width() || samples.width() == 0)
        throw input_error{"accuracy predictor", "samples", "a row of equally many features for each accuracy",
                          std::to_string(samples.features.size()) + " features for " + std::to_string(n)};
    const auto finite = [](float x) { return std::isfinite(x); };
    if (!std::all_of(samples.features.begin(), samples.features.end(), finite) ||
        !std::all_of(samples.accuracies.begin(), samples.accuracies.end(), finite))
        throw input_error{"accuracy predictor", "samples", "features and accuracies that are finite numbers", "others"};
    if (o.epochs < 1 || o.batch < 1 || o.hidden < 1 || o.attempts < 1 || !(o.learning_rate > 0) || !(o.averaging >= 0 && o.averaging < 1))
        throw input_error{"accuracy predictor", "options",
                          "epochs, batch, width, attempts and learning rate above 0, averaging from 0 to less than 1", "others"};
    constexpr std::string_view source = "accuracy predictor";
    require_positive(source, "learning_rate", o.learning_rate);
    require_share(source, "plateau_factor", o.plateau_factor);
    require_share(source, "plateau_threshold", o.plateau_threshold);
    require_not_negative(source, "weight_decay", o.weight_decay);
    if (o.plateau_patience < 0) throw input_error{source, "plateau_patience", "a number of 0 or more", std::to_string(o.plateau_patience)};
    if (std::isnan(o.enough)) throw input_error{source, "enough", "a correlation", exact_text(o.enough)};
    for (const auto* side : {&split.train, &split.validation})
        if (side->empty() || *std::min_element(side->begin(), side->end()) < 0 || *std::max_element(side->begin(), side->end()) >= n)
            throw input_error{"accuracy predictor", "split", "samples from 0 to " + std::to_string(n - 1) + " on both sides", "others"};
}
VERDANT_DEFINED_ONCE(void check_accuracy_training<>(const predictor::accuracy_samples&, const predictor::sample_split&,
                                                    const predictor::accuracy_training_options&));

/// What `train_accuracy_predictor` does. @param progress called as `progress(watcher, ...)` after each epoch
template <class = instantiated_when_used>
[[nodiscard]] predictor::trained_accuracy_predictor
trained_on(const predictor::accuracy_samples& samples, const predictor::sample_split& split, const predictor::accuracy_training_options& o,
           void (*progress)(void* watcher, const predictor::accuracy_training_progress&), void* watcher) {
    check_accuracy_training(samples, split, o);
    const auto n = static_cast<std::int64_t>(samples.size()), width = static_cast<std::int64_t>(samples.width());
    double mean = 0;
    for (const auto a : samples.accuracies) mean += static_cast<double>(a) / static_cast<double>(n);

    const auto all = at::tensor(samples.features).view({n, width}), targets = at::tensor(samples.accuracies) - mean;
    const accuracy_part train{all, targets, split.train}, validation{all, targets, split.validation};
    const flush_denormals flush;
    const c10::AutoGradMode off{false}; // except for the steps
    predictor::trained_accuracy_predictor best;
    best.validation.rmse = std::numeric_limits<double>::infinity();
    for (std::int64_t number = 0; number < o.attempts; ++number) {
        accuracy_attempt attempt{train, validation, o, number};
        for (std::int64_t epoch = 0; epoch < o.epochs; ++epoch) progress(watcher, attempt.run_epoch(epoch));
        const auto& kept = attempt.kept();
        auto state = kept.state(static_cast<float>(mean));
        nn::require_finite(state, "an accuracy predictor, of attempt " + std::to_string(number + 1) + ",");
        if (const auto quality = validation.quality(kept); number == 0 || quality.rmse < best.validation.rmse)
            best = {.state = std::move(state), .validation = quality, .training = train.quality(kept), .attempt = number};
        if (best.validation.pearson >= o.enough) break;
    }
    return best;
}
VERDANT_DEFINED_ONCE(predictor::trained_accuracy_predictor trained_on<>(const predictor::accuracy_samples&, const predictor::sample_split&,
                                                                        const predictor::accuracy_training_options&,
                                                                        void (*)(void*, const predictor::accuracy_training_progress&), void*));

} // namespace detail

/// Trains the accuracy predictor of MOOFA: three rectified layers of `hidden` and one output without bias, on accuracies without their mean, by
/// Adam on the mean squared error with a rate that falls where the validation loss does.
/// @param progress called with `accuracy_training_progress` after each epoch
/// Throws input_error for features or a split that do not fit, or options out of range; nonfinite_error for a loss or weights that are not finite.
template <class Progress>
[[nodiscard]] trained_accuracy_predictor train_accuracy_predictor(const accuracy_samples& samples, const sample_split& split,
                                                                  const accuracy_training_options& o, Progress&& progress) {
    const auto tell = [](void* watcher, const accuracy_training_progress& p) {
        verdant::detail::callable_at<std::remove_reference_t<Progress>>(watcher)(p);
    };
    return detail::trained_on(samples, split, o, tell, verdant::detail::callable_address(progress));
}
[[nodiscard]] inline trained_accuracy_predictor train_accuracy_predictor(const accuracy_samples& samples, const sample_split& split,
                                                                         const accuracy_training_options& options = {}) {
    return train_accuracy_predictor(samples, split, options, [](const accuracy_training_progress&) {});
}

} // namespace verdant::predictor
