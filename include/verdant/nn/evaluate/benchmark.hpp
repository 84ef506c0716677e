#pragma once

#include <verdant/data/benchmark/class_prompts.hpp>
#include <verdant/data/benchmark/evaluation_sample.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/evaluate/linear_probe.hpp>
#include <verdant/nn/evaluate/retrieval.hpp>
#include <verdant/nn/models/clip.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The tasks of the zero-shot benchmark: classification, retrieval, linear probes.
namespace verdant::nn {

/// What a benchmark needs of a data set, whatever the tasks: every picture passes the model once.
struct dataset_features {
    at::Tensor images;        ///< [N, D], normalised
    at::Tensor labels = {};        ///< [N] classes; of a multilabel data set [N, C], 0 or 1; undefined in retrieval
    at::Tensor texts = {};         ///< [T, D], normalised captions; undefined outside of retrieval
    at::Tensor image_of_text = {}; ///< [T], in the order of the pictures
};

/// Metrics by the names of LAION-AI/CLIP_benchmark.
using named_metrics = std::vector<std::pair<std::string, double>>;

namespace detail {

template <class Tokenize>
[[nodiscard]] at::Tensor token_rows(const std::vector<std::string>& texts, std::int64_t context, const Tokenize& row) {
    auto out = at::empty({static_cast<std::int64_t>(texts.size()), context}, at::TensorOptions{}.dtype(at::kLong));
    auto* to = out.template data_ptr<std::int64_t>();
    for (const auto& text : texts) {
        const auto ids = row(text);
        if (static_cast<std::int64_t>(ids.size()) != context)
            throw input_error{"tokenizer", "", "rows of the model's " + std::to_string(context) + " tokens", std::to_string(ids.size())};
        to = std::copy(ids.begin(), ids.end(), to);
    }
    return out;
}

} // namespace detail

/// Passes a data set through a model, `batch` pictures and their texts at a time, shared out among the threads of a `thread_team`; features are the
/// same for any number of them.
/// @param next gives samples until it gives nothing: `std::optional<io::evaluation_sample>()`, such as io::shard_dataset::next
/// @param pixels decodes and preprocesses samples to n x 3 x S x S numbers, where S is the model's:
/// `std::vector<float>(std::span<io::evaluation_sample const>)`
/// @param row the tokens of a text, as many as the model's context
/// @throws input_error for a data set without samples, or whose samples differ in kind; what next, pixels and row throw
template <precision_policy Precision = fp32, class Next, class Pixels, class Row>
[[nodiscard]] dataset_features features_of(const clip_model& m, Next&& next, const Pixels& pixels, const Row& row, std::size_t batch = 64) {
    const auto config = config_of(m);
    std::vector<at::Tensor> images, texts;
    std::vector<std::int64_t> labels, image_of_text;
    std::vector<float> several;
    std::size_t classes = 0;
    std::int64_t count = 0;
    std::vector<io::evaluation_sample> samples;
    std::vector<std::string> captions;
    // Threads share a batch out in parts that do not depend on how many there are.
    const auto step = [&, on_card = !m.logit_scale.device().is_cpu()](std::int64_t n) {
        return on_card ? static_cast<std::int64_t>(batch) : (n + shards_of(n) - 1) / shards_of(n);
    };
    const auto pass = [&] {
        auto values = pixels(std::span<const io::evaluation_sample>{samples});
        const auto size = std::int64_t{config.image};
        if (values.size() != samples.size() * 3 * static_cast<std::size_t>(size * size))
            throw input_error{"preprocessing", "", "pictures of the model's " + std::to_string(size) + " x " + std::to_string(size) + " pixels",
                              "others"};
        const auto input = at::tensor(values).reshape({static_cast<std::int64_t>(samples.size()), 3, size, size});
        images.push_back(image_features<Precision>(m, input, step(input.size(0))));
        if (!captions.empty()) {
            const auto ids = detail::token_rows(captions, config.context, row);
            texts.push_back(text_features<Precision>(m, ids, step(ids.size(0))));
        }
        samples.clear();
        captions.clear();
    };
    while (auto sample = next()) {
        if (sample->label >= 0) labels.push_back(sample->label);
        if (!sample->labels.empty()) {
            if (classes != 0 && sample->labels.size() != classes)
                throw input_error{sample->source, "", std::to_string(classes) + " labels as before", std::to_string(sample->labels.size())};
            classes = sample->labels.size();
            several.insert(several.end(), sample->labels.begin(), sample->labels.end());
        }
        for (auto& caption : sample->captions) {
            captions.push_back(std::move(caption));
            image_of_text.push_back(count);
        }
        ++count;
        samples.push_back(std::move(*sample));
        if (samples.size() == batch) pass();
    }
    if (!samples.empty()) pass();
    if (count == 0) throw input_error{"data set", "", "at least one sample", "none"};
    dataset_features out;
    out.images = at::cat(images);
    const auto device = out.images.device();
    if (!labels.empty()) out.labels = at::tensor(labels, at::TensorOptions{}.dtype(at::kLong)).to(device);
    else if (classes != 0) out.labels = at::tensor(several).reshape({count, static_cast<std::int64_t>(classes)}).to(device);
    if (out.labels.defined() && out.labels.size(0) != count) throw input_error{"data set", "", "labels for every sample", "only some"};
    if (!texts.empty()) {
        out.texts = at::cat(texts);
        out.image_of_text = at::tensor(image_of_text, at::TensorOptions{}.dtype(at::kLong)).to(device);
    }
    return out;
}

/// The zero-shot classifier of classes by name, [D, classes]: each class in each template, see io::prompt.
/// @param row the tokens of a text
template <precision_policy Precision = fp32, class Row>
[[nodiscard]] at::Tensor classifier_of(const clip_model& m, const std::vector<std::string>& classes, const std::vector<std::string>& templates,
                                       const Row& row) {
    std::vector<at::Tensor> prompts;
    for (const auto& name : classes) {
        std::vector<std::string> texts;
        for (const auto& t : templates) texts.push_back(io::prompt(t, name));
        prompts.push_back(detail::token_rows(texts, config_of(m).context, row));
    }
    return zero_shot_classifier<Precision>(m, prompts);
}

/// Task zeroshot_classification: acc1, acc5 (NaN below five classes), mean_per_class_recall; of a multilabel data set mean_average_precision.
/// @throws input_error if the classifier is that of other classes, or there are no labels
template <class = instantiated_when_used>
[[nodiscard]] named_metrics zeroshot_classification(const dataset_features& data, const at::Tensor& classifier) {
    if (!data.labels.defined()) throw input_error{"zeroshot_classification", "", "a data set with labels", "one without"};
    const auto logits = class_logits(data.images, classifier);
    if (data.labels.dim() == 2) return {{"mean_average_precision", average_precision(logits, data.labels).mean().item<double>()}};
    const auto found = classify(logits, data.labels);
    return {{"acc1", found.accuracy}, {"acc5", found.accuracy_5}, {"mean_per_class_recall", found.mean_per_class_recall}};
}
VERDANT_DEFINED_ONCE(named_metrics zeroshot_classification<>(const dataset_features&, const at::Tensor&));

/// Task zeroshot_retrieval: image_retrieval_recall@k and text_retrieval_recall@k for each k, and with k = 1 their mean, mean_recall@1.
/// @throws input_error if there are no captions
template <class = instantiated_when_used>
[[nodiscard]] named_metrics zeroshot_retrieval(const dataset_features& data, std::span<const std::int64_t> ks) {
    if (!data.texts.defined()) throw input_error{"zeroshot_retrieval", "", "a data set with captions", "one without"};
    named_metrics out;
    for (const auto k : ks) {
        const auto recall = recall_at(data.images, data.texts, data.image_of_text, k);
        out.emplace_back("image_retrieval_recall@" + std::to_string(k), recall.image);
        out.emplace_back("text_retrieval_recall@" + std::to_string(k), recall.text);
        if (k == 1) out.emplace_back("mean_recall@1", recall.mean());
    }
    return out;
}
VERDANT_DEFINED_ONCE(named_metrics zeroshot_retrieval<>(const dataset_features&, std::span<const std::int64_t>));

/// Task image_caption_selection: of data sets whose first caption is right and whose others are wrong, text_acc, the share of pictures
/// that are closer to their first caption than to any other of their own.
/// @throws input_error if a picture has fewer than two captions
template <class = instantiated_when_used>
[[nodiscard]] named_metrics image_caption_selection(const dataset_features& data) {
    if (!data.texts.defined()) throw input_error{"image_caption_selection", "", "a data set with captions", "one without"};
    const auto scores = (data.texts * data.images.index_select(0, data.image_of_text)).sum(1).to(at::kCPU, at::kFloat).contiguous();
    const auto links = data.image_of_text.to(at::kCPU).contiguous();
    const std::span score{scores.data_ptr<float>(), static_cast<std::size_t>(scores.numel())};
    const std::span image{links.data_ptr<std::int64_t>(), score.size()};
    std::int64_t right = 0;
    for (std::size_t first = 0, next = 0; first < score.size(); first = next) {
        for (next = first + 1; next < score.size() && image[next] == image[first];) ++next;
        if (next - first < 2) throw input_error{"image_caption_selection", "picture " + std::to_string(image[first]), "at least two captions", "one"};
        const auto wrong = score.subspan(first + 1, next - first - 1);
        right += score[first] > *std::max_element(wrong.begin(), wrong.end()) ? 1 : 0;
    }
    return {{"text_acc", static_cast<double>(right) / static_cast<double>(data.images.size(0))}};
}
VERDANT_DEFINED_ONCE(named_metrics image_caption_selection<>(const dataset_features&));

/// Task linear_probe: lp_acc1, lp_acc5, lp_mean_per_class_recall, and what they were reached with: weight_decay, epochs, seed, fewshot_k, normalized.
/// @throws input_error if the data sets have no labels, or several for each picture
template <class = instantiated_when_used>
[[nodiscard]] named_metrics linear_probe_metrics_of(const dataset_features& train, const dataset_features& test, std::int64_t classes,
                                                    const linear_probe_options& options, const dataset_features& validation = {}) {
    if (!test.labels.defined() || test.labels.dim() != 1)
        throw input_error{"linear_probe", "", "a data set with one class for each picture", "another"};
    const auto found =
        linear_probe({train.images, train.labels}, {test.images, test.labels}, classes, options, {validation.images, validation.labels});
    return {{"lp_acc1", found.test.accuracy},
            {"lp_acc5", found.test.accuracy_5},
            {"lp_mean_per_class_recall", found.test.mean_per_class_recall},
            {"weight_decay", found.weight_decay},
            {"epochs", static_cast<double>(options.epochs)},
            {"seed", static_cast<double>(options.seed)},
            {"fewshot_k", static_cast<double>(options.fewshot_k)},
            {"normalized", 1}};
}
VERDANT_DEFINED_ONCE(named_metrics linear_probe_metrics_of<>(const dataset_features&, const dataset_features&, std::int64_t,
                                                             const linear_probe_options&, const dataset_features&));

} // namespace verdant::nn
