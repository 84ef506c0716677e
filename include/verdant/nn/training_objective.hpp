#pragma once

#include <verdant/nn/clip.hpp>
#include <verdant/nn/clip_forward.hpp>
#include <verdant/nn/clip_loss.hpp>
#include <verdant/nn/prelude.hpp>

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace verdant::nn {

/// Pairs of images, [N, 3, S, S] preprocessed, and texts, token ids [N, context].
struct image_text_batch {
    at::Tensor images, ids;
    /// [N, K], the tokens of each image that are looked at, see `patch_dropout`; undefined for all.
    at::Tensor patches{};
};

/// What training lowers. `begin` sees the batches of a step before any of them is used; the call gives the loss of all their normalised
/// features, in which the model's logit scale and bias may carry gradients.
template <class O>
concept training_objective = requires(O& o, std::span<const image_text_batch> batches, const clip_model& m, const clip_features& f) {
    o.begin(batches);
    { o(m, f) } -> std::same_as<at::Tensor>;
};

/// Pairs of this process, and those of all in the order of ranks, among which the own begin at row `first`.
struct spread_features {
    clip_features own, all;
    std::int64_t first = 0;
};

/// An objective of pairs that are spread over processes: `begin` may gather over all of them by `gather(tensor)`, [n, ...] -> [N, ...]; the call
/// with spread features gives a part of the loss, such that the parts of all processes sum to the loss of all pairs.
template <class O>
concept spread_objective = training_objective<O> && requires(O& o, std::span<const image_text_batch> batches, at::Tensor (&gather)(const at::Tensor&),
                                                             const clip_model& m, const spread_features& f) {
    o.begin(batches, gather);
    { o(m, f) } -> std::same_as<at::Tensor>;
};

/// The contrastive loss.
struct contrastive_objective {
    void begin(std::span<const image_text_batch>) {}
    template <class Gather>
    void begin(std::span<const image_text_batch>, const Gather&) {}
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const spread_features& f) const {
        return clip_loss_share(logits_per_image(m, f.own.image, f.all.text), logits_per_image(m, f.own.text, f.all.image), f.first);
    }
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const clip_features& f) const { return clip_loss(logits_per_image(m, f.image, f.text)); }
};

/// The sigmoid loss, for models with a logit bias.
struct sigmoid_objective {
    void begin(std::span<const image_text_batch>) {}
    template <class Gather>
    void begin(std::span<const image_text_batch>, const Gather&) {}
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const spread_features& f) const {
        return siglip_loss_share(logits_per_image(m, f.own.image, f.all.text), f.first);
    }
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const clip_features& f) const {
        return siglip_loss(logits_per_image(m, f.image, f.text));
    }
};

/// The contrastive loss plus the distance to the similarities that a teacher, with its own logit scale, sees in the same pairs.
class distillation_objective {
public:
    explicit distillation_objective(clip_model teacher) : teacher_{std::move(teacher)} {}

    void begin(std::span<const image_text_batch> batches) {
        begin(batches, [](const at::Tensor& t) { return t; });
    }
    template <class Gather>
    void begin(std::span<const image_text_batch> batches, const Gather& gather) {
        const c10::AutoGradMode off{false};
        std::vector<at::Tensor> image, text;
        for (const auto& b : batches) {
            const auto f = features(teacher_, b.images, b.ids);
            image.push_back(f.image);
            text.push_back(f.text);
        }
        logits_ = logits_per_image(teacher_, gather(at::cat(image)), gather(at::cat(text)));
    }

    [[nodiscard]] at::Tensor operator()(const clip_model& m, const clip_features& f) const {
        const auto student = logits_per_image(m, f.image, f.text);
        return clip_loss(student) + distillation_loss(student, logits_);
    }
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const spread_features& f) const {
        const auto by_image = logits_per_image(m, f.own.image, f.all.text), by_text = logits_per_image(m, f.own.text, f.all.image);
        const auto rows = [&f](const at::Tensor& t) { return t.slice(0, f.first, f.first + f.own.image.size(0)); };
        return clip_loss_share(by_image, by_text, f.first) + distillation_loss_share(by_image, by_text, rows(logits_), rows(logits_.t()));
    }

private:
    clip_model teacher_;
    at::Tensor logits_;
};

} // namespace verdant::nn
