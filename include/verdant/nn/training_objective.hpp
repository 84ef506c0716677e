#pragma once

#include <verdant/nn/clip.hpp>
#include <verdant/nn/clip_forward.hpp>
#include <verdant/nn/clip_loss.hpp>
#include <verdant/nn/prelude.hpp>

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <span>
#include <utility>
#include <vector>

namespace verdant::nn {

/// Pairs of images, [N, 3, S, S] preprocessed, and texts, token ids [N, context].
struct image_text_batch {
    at::Tensor images, ids;
};

/// What training lowers. `begin` sees the batches of a step before any of them is used; the call gives the loss of all their normalised
/// features, in which the model's logit scale and bias may carry gradients.
template <class O>
concept training_objective = requires(O& o, std::span<const image_text_batch> batches, const clip_model& m, const clip_features& f) {
    o.begin(batches);
    { o(m, f) } -> std::same_as<at::Tensor>;
};

/// The contrastive loss.
struct contrastive_objective {
    void begin(std::span<const image_text_batch>) {}
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const clip_features& f) const { return clip_loss(logits_per_image(m, f.image, f.text)); }
};

/// The sigmoid loss, for models with a logit bias.
struct sigmoid_objective {
    void begin(std::span<const image_text_batch>) {}
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const clip_features& f) const { return siglip_loss(logits_per_image(m, f.image, f.text)); }
};

/// The contrastive loss plus the distance to the similarities that a teacher, with its own logit scale, sees in the same pairs.
class distillation_objective {
public:
    explicit distillation_objective(clip_model teacher) : teacher_{std::move(teacher)} {}

    void begin(std::span<const image_text_batch> batches) {
        const c10::AutoGradMode off{false};
        std::vector<at::Tensor> image, text;
        for (const auto& b : batches) {
            const auto f = features(teacher_, b.images, b.ids);
            image.push_back(f.image);
            text.push_back(f.text);
        }
        logits_ = logits_per_image(teacher_, at::cat(image), at::cat(text));
    }

    [[nodiscard]] at::Tensor operator()(const clip_model& m, const clip_features& f) const {
        const auto student = logits_per_image(m, f.image, f.text);
        return clip_loss(student) + distillation_loss(student, logits_);
    }

private:
    clip_model teacher_;
    at::Tensor logits_;
};

} // namespace verdant::nn
