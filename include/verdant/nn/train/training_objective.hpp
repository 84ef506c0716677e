#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/image_text_batch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/train/batch_shards.hpp>
#include <verdant/nn/train/clip_loss.hpp>

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace verdant::nn {

/// What training lowers. `begin` sees the batches of a step before any of them is used; the call gives the loss of all their normalised
/// features, in which the model's logit scale and bias may carry gradients.
template <class O>
concept training_objective = requires(O& o, std::span<const image_text_batch> batches, const clip_model& m, const clip_features& f) {
    o.begin(batches);
    { o(m, f) } -> std::same_as<at::Tensor>;
};

/// Pairs of this process, and those of all in the order of ranks, among which the own begin at row `first`.
struct distributed_features {
    clip_features own, all;
    std::int64_t first = 0;
};

/// An objective of pairs that are spread over processes: `begin` may gather over all of them by `gather(tensor)`, [n, ...] -> [N, ...]; the call
/// with distributed features gives a part of the loss, such that the parts of all processes sum to the loss of all pairs.
template <class O>
concept distributed_objective =
    training_objective<O> && requires(O& o, std::span<const image_text_batch> batches, at::Tensor (&gather)(const at::Tensor&), const clip_model& m,
                                      const distributed_features& f) {
        o.begin(batches, gather);
        { o(m, f) } -> std::same_as<at::Tensor>;
    };

/// The contrastive loss.
struct contrastive_objective {
    void begin(std::span<const image_text_batch>) {}
    template <class Gather>
    void begin(std::span<const image_text_batch>, const Gather&) {}
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const distributed_features& f) const {
        return clip_loss_share(logits_per_image(m, f.own.image, f.all.text), logits_per_image(m, f.own.text, f.all.image), f.first);
    }
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const clip_features& f) const { return clip_loss(logits_per_image(m, f.image, f.text)); }
};

/// The sigmoid loss, for models with a logit bias.
struct sigmoid_objective {
    void begin(std::span<const image_text_batch>) {}
    template <class Gather>
    void begin(std::span<const image_text_batch>, const Gather&) {}
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const distributed_features& f) const {
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
        const auto shards = detail::shards_of(batches);
        std::vector<clip_features> seen(shards.size());
        const thread_team team;
        thread_team::share(shards.size(), teacher_.logit_scale.device(), [&](std::size_t i) {
            const auto rows = detail::rows_of(batches, shards[i]);
            seen[i] = features(teacher_, rows.images, rows.ids);
        });
        for (const auto& f : seen) {
            image.push_back(f.image);
            text.push_back(f.text);
        }
        logits_ = logits_per_image(teacher_, gather(at::cat(image)), gather(at::cat(text)));
    }

    [[nodiscard]] at::Tensor operator()(const clip_model& m, const clip_features& f) const {
        const auto student = logits_per_image(m, f.image, f.text);
        return clip_loss(student) + distillation_loss(student, logits_);
    }
    [[nodiscard]] at::Tensor operator()(const clip_model& m, const distributed_features& f) const {
        const auto by_image = logits_per_image(m, f.own.image, f.all.text), by_text = logits_per_image(m, f.own.text, f.all.image);
        const auto rows = [&f](const at::Tensor& t) { return t.slice(0, f.first, f.first + f.own.image.size(0)); };
        return clip_loss_share(by_image, by_text, f.first) + distillation_loss_share(by_image, by_text, rows(logits_), rows(logits_.t()));
    }

private:
    clip_model teacher_;
    at::Tensor logits_;
};

} // namespace verdant::nn
