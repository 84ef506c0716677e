#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/label_range.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/batches/score_check.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/models/bert.hpp>
#include <verdant/nn/models/llama.hpp>
#include <verdant/nn/models/transformer_model.hpp>
#include <verdant/nn/models/vit.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/weight_decay.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/randperm.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

/// Trains classifiers of BERT, ViT and Llama.
namespace verdant::nn {

/// Texts with their classes.
struct labelled_texts {
    at::Tensor ids;            ///< token ids [T, N]
    at::Tensor attention_mask; ///< [T, N], 0 at padding; undefined for texts without
    at::Tensor token_types;    ///< segments [T, N]; undefined for texts of one, not read by Llama
    at::Tensor labels;         ///< [T], classes

    /// Those with these indices.
    [[nodiscard]] labelled_texts chosen(const at::Tensor& indices) const {
        const auto of = [&indices](const at::Tensor& t) { return t.defined() ? t.index_select(0, indices) : t; };
        return {of(ids), of(attention_mask), of(token_types), of(labels)};
    }
};

[[nodiscard]] inline at::Tensor logits(const bert& m, const labelled_texts& d) { return logits(m, d.ids, d.attention_mask, d.token_types); }
[[nodiscard]] inline at::Tensor logits(const llama& m, const labelled_texts& d) { return logits(m, d.ids, d.attention_mask); }
[[nodiscard]] inline at::Tensor logits(const vit& m, const labelled_images& d) { return logits(m, d.images); }

/// Data that a model can be trained on.
template <class Data, class Model>
concept labelled_for = requires(const Data& d, const Model& m, const at::Tensor& indices) {
    { d.labels } -> std::convertible_to<at::Tensor>;
    { d.chosen(indices) } -> std::same_as<Data>;
    { logits(m, d) } -> std::same_as<at::Tensor>;
};

/// How a classifier is tuned.
struct classifier_recipe {
    double learning_rate = 5e-5;
    std::int64_t batch = 32;
    std::int64_t epochs = 5;
    adamw_options optimizer{.weight_decay = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}; ///< PyTorch's defaults
};

// What CarbonNAAS tunes truncated models with (CATransformers, eval/model_eval_hf.py). Biases and norms do not decay here.

/// BERT on MRPC of GLUE.
inline constexpr classifier_recipe mrpc_bert{.learning_rate = 5e-5, .batch = 32, .epochs = 15};
/// Llama on MRPC.
inline constexpr classifier_recipe mrpc_llama{.learning_rate = 5e-5, .batch = 32, .epochs = 5};
/// ViT on CIFAR-10, images resized to 224 x 224 and normalised by mean and deviation 0.5; Adam, which is AdamW without decay.
inline constexpr classifier_recipe cifar10_vit{
    .learning_rate = 1e-5, .batch = 128, .epochs = 1, .optimizer = {.weight_decay = 0, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}};

/// Tunes a classifier in place with cross-entropy at a constant rate; every epoch takes the data in an order of its own, the last batch may be
/// smaller. Gives the mean loss of each epoch. The same seed gives the same weights with the same number of threads.
/// @throws input_error if there are no data, labels are no classes, or batch, epochs or learning rate are not positive;
/// nonfinite_error for a loss, or weights after the last step, that are not finite
template <transformer_model Model, labelled_for<Model> Data>
std::vector<double> train_classifier(Model& m, const Data& data, const classifier_recipe& recipe, std::uint64_t seed = 0) {
    const auto items = data.labels.defined() ? data.labels.size(0) : 0;
    if (items < 1) throw input_error{"training of a classifier", "data", "at least one item", "none"};
    if (recipe.batch < 1 || recipe.epochs < 1)
        throw input_error{"training of a classifier", "recipe", "a positive batch and number of epochs",
                          std::to_string(recipe.batch) + " and " + std::to_string(recipe.epochs)};
    require_positive("training of a classifier", "learning_rate", recipe.learning_rate);
    const c10::AutoGradMode on{true};
    require_grad(m);
    adamw optimizer{recipe.optimizer};
    for_each_parameter(m, [&optimizer](const std::string& name, const at::Tensor& t) { optimizer.add(name, t, decay_matrices{}); });
    auto stream = generator(seed);
    std::vector<double> losses;
    nonfinite_guard guard;
    std::int64_t step = 0;
    for (std::int64_t epoch = 0; epoch < recipe.epochs; ++epoch) {
        const auto order = at::randperm(items, stream, at::kLong).to(data.labels.device());
        double sum = 0;
        for (std::int64_t first = 0; first < items; first += recipe.batch) {
            const auto batch = data.chosen(order.slice(0, first, std::min(first + recipe.batch, items)));
            optimizer.clear_gradients();
            const auto scores = logits(m, batch);
            check_labels(batch.labels, scores.size(1), "training of a classifier");
            const auto loss = at::cross_entropy_loss(scores, batch.labels);
            const auto value = loss.template item<double>();
            guard.takes(value, true, step++, epoch);
            loss.backward();
            optimizer.step(recipe.learning_rate);
            sum += value * static_cast<double>(batch.labels.size(0));
        }
        losses.push_back(sum / static_cast<double>(items));
    }
    optimizer.clear_gradients();
    require_grad(m, false);
    // What the last step made of them no loss has seen.
    for_each_parameter(m, [](const std::string& name, const at::Tensor& t) {
        if (!at::isfinite(t).all().template item<bool>())
            throw nonfinite_error{"a classifier was trained in vain, since tensor " + name +
                                  " holds numbers that are not finite; lower the learning rate"};
    });
    return losses;
}

/// Share of the data whose class has the highest score, `batch` at a time, without gradients.
/// @throws input_error if there are no data, and of a network that gives NaN
template <transformer_model Model, labelled_for<Model> Data>
[[nodiscard]] double accuracy_on(const Model& m, const Data& data, std::int64_t batch = 64) {
    const c10::AutoGradMode off{false};
    const auto items = data.labels.defined() ? data.labels.size(0) : 0;
    if (items < 1 || batch < 1) throw input_error{"accuracy of a classifier", "data", "at least one item, and a positive batch", "none"};
    std::int64_t right = 0;
    const auto all = at::arange(items, data.labels.options());
    for (std::int64_t first = 0; first < items; first += batch) {
        const auto part = data.chosen(all.slice(0, first, std::min(first + batch, items)));
        const auto scores = logits(m, part);
        check_labels(part.labels, scores.size(1), "accuracy of a classifier");
        check_scores(scores, "accuracy of a classifier", first);
        right += scores.argmax(1).eq(part.labels).sum().template item<std::int64_t>();
    }
    return static_cast<double>(right) / static_cast<double>(items);
}

} // namespace verdant::nn
