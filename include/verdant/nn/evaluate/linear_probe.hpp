#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/batches/label_range.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/learning_rate_schedule.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/random/stream.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A linear classifier over frozen features.
namespace verdant::nn {

/// Features and the class of each.
struct labelled_features {
    at::Tensor features; ///< [N, D], normalised, on the device that is to compute
    at::Tensor labels;   ///< [N], classes
};

/// The defaults are those of LAION-AI/CLIP_benchmark (metrics/linear_probe.py).
struct linear_probe_options {
    std::int64_t epochs = 10;
    double learning_rate = 0.1;
    std::int64_t batch = 64;
    std::int64_t fewshot_k = -1; ///< samples of each class to train with; -1 for all
    std::uint64_t seed = 0;      ///< of the choice and order of samples and of the first weights
};

/// How well a linear classifier on frozen features told the classes.
struct linear_probe_metrics {
    classification_metrics test; ///< lp_acc1, lp_acc5, lp_mean_per_class_recall
    double weight_decay = 0;     ///< 0, or what the validation set chose
    std::int64_t trained = 0;    ///< how many layers were trained in all
};

namespace detail {

/// The numbers 0 .. n-1 in an order that only the seed and the purpose determine.
[[nodiscard]] inline std::vector<std::int64_t> shuffled_indices(std::int64_t n, std::uint64_t seed, std::uint64_t purpose) {
    std::vector<std::int64_t> out(static_cast<std::size_t>(n));
    std::iota(out.begin(), out.end(), std::int64_t{0});
    auto stream = random_stream::derive(seed, purpose);
    stream.shuffle(std::span{out});
    return out;
}

/// The samples with these indices, in their order.
[[nodiscard]] inline nn::labelled_features samples_at(const nn::labelled_features& from, const std::vector<std::int64_t>& rows) {
    const auto index = at::tensor(rows, at::TensorOptions{}.dtype(at::kLong)).to(from.features.device());
    return {from.features.index_select(0, index), from.labels.index_select(0, index)};
}

/// Of the weight decays that are tried, number `i` of 0 .. 96: 10^-6 to 10^2 in equal steps of the logarithm.
[[nodiscard]] inline double probe_decay(std::size_t i) { return std::pow(10.0, -6 + static_cast<double>(i) / 12); }

/// Weight [C, D] and offset [1, C] of a layer.
struct probe_layer {
    at::Tensor weight, offset;

    [[nodiscard]] at::Tensor operator()(const at::Tensor& features) const { return at::matmul(features, weight.t()) + offset; }
};

[[nodiscard]] inline probe_layer train_probe(const nn::labelled_features& data, std::int64_t classes, double decay,
                                             const nn::linear_probe_options& o) {
    const auto n = data.features.size(0), width = data.features.size(1);
    auto stream = nn::generator(o.seed);
    const double bound = 1 / std::sqrt(static_cast<double>(width));
    const auto device = data.features.device();
    // The offset decays too, as with the original's optimiser, which has one group.
    probe_layer layer{at::empty({classes, width}).uniform_(-bound, bound, stream).to(device),
                      at::empty({1, classes}).uniform_(-bound, bound, stream).to(device)};
    for (auto* t : {&layer.weight, &layer.offset}) t->set_requires_grad(true);
    nn::adamw optimizer{{.weight_decay = decay, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}};
    optimizer.add("weight", layer.weight);
    optimizer.add("offset", layer.offset);
    const auto batches = (n + o.batch - 1) / o.batch;
    const nn::cosine_schedule rate{.base = o.learning_rate, .warmup = 0, .steps = o.epochs * batches};
    const c10::AutoGradMode on{true};
    for (std::int64_t epoch = 0, step = 0; epoch < o.epochs; ++epoch) {
        const auto shuffled = samples_at(data, shuffled_indices(n, o.seed, static_cast<std::uint64_t>(epoch) + 1));
        for (std::int64_t at = 0; at < n; at += o.batch, ++step) {
            const auto end = std::min(at + o.batch, n);
            const auto loss = at::cross_entropy_loss(layer(shuffled.features.slice(0, at, end)), shuffled.labels.slice(0, at, end));
            loss.backward();
            optimizer.step(rate(step));
            optimizer.clear_gradients();
        }
    }
    for (auto* t : {&layer.weight, &layer.offset}) t->set_requires_grad(false);
    return layer;
}

/// The index of the weight decay whose layer is most accurate on the validation set; the first of equals. Remembers what was trained.
class decay_search {
public:
    decay_search(const nn::labelled_features& train, const nn::labelled_features& validation, std::int64_t classes, const nn::linear_probe_options& o)
        : train_{train}, validation_{validation}, classes_{classes}, options_{o} {}

    [[nodiscard]] std::size_t best() {
        constexpr std::size_t last = 96;
        std::vector<std::size_t> coarse;
        for (std::size_t i = 0; i <= last; i += last / 6) coarse.push_back(i);
        auto peak = best_of(coarse);
        for (std::size_t span = 8; span > 0; span /= 2) peak = best_of({peak - std::min(peak, span), peak, std::min(peak + span, last)});
        return peak;
    }
    [[nodiscard]] std::int64_t trained() const { return trained_; }

private:
    [[nodiscard]] std::size_t best_of(const std::vector<std::size_t>& tried) {
        std::size_t found = tried.front();
        for (const auto i : tried)
            if (accuracy(i) > accuracy(found)) found = i;
        return found;
    }
    [[nodiscard]] double accuracy(std::size_t i) {
        if (known_[i] < 0) {
            const auto layer = train_probe(train_, classes_, probe_decay(i), options_);
            known_[i] = share_among_first(layer(validation_.features), validation_.labels, 1);
            ++trained_;
        }
        return known_[i];
    }

    const nn::labelled_features& train_;
    const nn::labelled_features& validation_;
    std::int64_t classes_;
    const nn::linear_probe_options& options_;
    std::array<double, 97> known_ = filled();
    std::int64_t trained_ = 0;

    [[nodiscard]] static std::array<double, 97> filled() {
        std::array<double, 97> out{};
        out.fill(-1);
        return out;
    }
};

} // namespace detail

/// At most k samples of each class, chosen by the seed; all for a negative k.
template <class = instantiated_when_used>
[[nodiscard]] labelled_features few_shots(const labelled_features& from, std::int64_t k, std::uint64_t seed) {
    if (k < 0) return from;
    const auto labels = from.labels.to(at::kCPU, at::kLong).contiguous();
    const auto* const label = labels.data_ptr<std::int64_t>();
    std::vector<std::int64_t> chosen;
    std::vector<std::int64_t> count;
    for (const auto i : detail::shuffled_indices(labels.size(0), seed, 0)) {
        const auto c = static_cast<std::size_t>(label[i]);
        if (c >= count.size()) count.resize(c + 1);
        if (count[c]++ < k) chosen.push_back(i);
    }
    return detail::samples_at(from, chosen);
}
VERDANT_DEFINED_ONCE(labelled_features few_shots<>(const labelled_features&, std::int64_t, std::uint64_t));

/// A validation set out of a training set.
struct held_out {
    labelled_features train, validation;
};

/// Parts a set in two by the seed: `share` of it, rounded to whole samples, for validation.
/// @throws input_error unless the share is in [0, 1)
template <class = instantiated_when_used>
[[nodiscard]] held_out hold_out(const labelled_features& from, double share, std::uint64_t seed) {
    if (!(share >= 0 && share < 1)) throw input_error{"linear probe", "validation share", "a number from 0 to less than 1", std::to_string(share)};
    const auto order = detail::shuffled_indices(from.features.size(0), seed, 0);
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(order.size())));
    return {.train = detail::samples_at(from, {middle, order.end()}), .validation = detail::samples_at(from, {order.begin(), middle})};
}
VERDANT_DEFINED_ONCE(held_out hold_out<>(const labelled_features&, double, std::uint64_t));

/// How well one linear layer on frozen features classifies (LAION-AI/CLIP_benchmark, metrics/linear_probe.py): AdamW without warm-up and
/// with a cosine, and no weight decay; with a validation set, the weight decay is the most accurate of 97 between 10^-6 and 10^2, looked
/// for among seven and then around the best of them in steps of 8, 4, 2 and 1, and the layer that counts is trained with both sets.
/// Runs where the features are; equal seeds give equal layers on one device.
/// @param validation features without rows, or undefined ones, for none
/// @param classes at least one more than the largest label
/// @throws input_error if the sets do not fit together, labels are not below `classes`, or an option is not positive; nonfinite_error where the layer
/// that counts has weights that are not finite
template <class = instantiated_when_used>
[[nodiscard]] linear_probe_metrics linear_probe(const labelled_features& train, const labelled_features& test, std::int64_t classes,
                                                const linear_probe_options& options = {}, const labelled_features& validation = {}) {
    const bool tuned = validation.features.defined() && validation.features.size(0) > 0;
    if (options.epochs < 1 || options.batch < 1 || !(options.learning_rate > 0) || options.fewshot_k == 0)
        throw input_error{"linear probe", "", "epochs, batch, learning rate and samples of each class above 0", "others"};
    const auto check = [&](const labelled_features& set, const char* name) {
        if (!set.features.defined() || !set.labels.defined() || set.features.dim() != 2 || set.labels.dim() != 1 ||
            set.features.size(0) != set.labels.size(0) || set.features.size(0) == 0 || set.features.size(1) != train.features.size(1))
            throw input_error{"linear probe", name, "a row of equally many features for each label", "another shape"};
        check_labels(set.labels, classes, "linear probe", name);
    };
    check(train, "training set");
    check(test, "test set");
    if (tuned) check(validation, "validation set");

    auto chosen = few_shots(train, options.fewshot_k, options.seed);
    linear_probe_metrics out;
    if (tuned) {
        detail::decay_search search{chosen, validation, classes, options};
        out.weight_decay = detail::probe_decay(search.best());
        out.trained = search.trained();
        chosen = {at::cat({chosen.features, validation.features}), at::cat({chosen.labels, validation.labels})};
    }
    const auto layer = detail::train_probe(chosen, classes, out.weight_decay, options);
    ++out.trained;
    if (!at::isfinite(layer.weight.sum() + layer.offset.sum()).item<bool>())
        throw nonfinite_error{
            "a linear probe ends with weights that are not finite; lower its learning rate, or look for such numbers among the features"};
    out.test = classify(layer(test.features), test.labels);
    return out;
}
VERDANT_DEFINED_ONCE(linear_probe_metrics linear_probe<>(const labelled_features&, const labelled_features&, std::int64_t,
                                                         const linear_probe_options&, const labelled_features&));

} // namespace verdant::nn
