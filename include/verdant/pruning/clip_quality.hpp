#pragma once

#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/evaluate/encode.hpp>
#include <verdant/nn/evaluate/retrieval.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/pruning/importance_csv.hpp>

#include <cstdint>
#include <utility>
#include <vector>

/// The quality of a pruned CLIP on images and texts.
namespace verdant::supernet {

/// Images and texts that models are judged by; images preprocessed, texts as token ids.
struct clip_evaluation_data {
    at::Tensor images;                ///< [I, 3, S, S] of the retrieval
    at::Tensor texts;                 ///< [T, context]
    at::Tensor image_of_text;         ///< [T]
    at::Tensor labelled_images;       ///< [N, 3, S, S] of the classification
    at::Tensor labels;                ///< [N]
    std::vector<at::Tensor> prompts;  ///< for each class [prompts, context]
};

/// Judges a CLIP by retrieval and zero-shot classification: `clip_quality{data}(model)`.
template <nn::precision_policy Precision = nn::fp32>
class clip_quality {
public:
    explicit clip_quality(clip_evaluation_data data, std::int64_t batch = 64) : data_{std::move(data)}, batch_{batch} {}

    [[nodiscard]] unit_quality operator()(const nn::clip_model& m) const {
        const auto recall = nn::recall_at(nn::image_features<Precision>(m, data_.images, batch_),
                                          nn::text_features<Precision>(m, data_.texts, batch_), data_.image_of_text, 1);
        const auto classifier = nn::zero_shot_classifier<Precision>(m, data_.prompts);
        const auto logits = nn::class_logits(nn::image_features<Precision>(m, data_.labelled_images, batch_), classifier);
        return {.text_recall = recall.text, .image_recall = recall.image, .accuracy = nn::classify(logits, data_.labels).accuracy};
    }

private:
    clip_evaluation_data data_;
    std::int64_t batch_;
};

} // namespace verdant::supernet
