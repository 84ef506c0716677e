#pragma once

#include <verdant/data/sampling/sampler.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/layers/patch_dropout.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/learning_rate_schedule.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/train/distributed_gradients.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/nn/train/training_objective.hpp>
#include <verdant/nn/train/training_step.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <ATen/ops/from_blob.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// The loop of training.
namespace verdant::nn {

/// Where batches come from: `s.size()` of them an epoch, and `s(epoch, i)` gives the i-th, the same whenever it is asked.
template <class S>
concept batch_source = requires(const S& s, std::int64_t epoch, std::int64_t i) {
    { s.size() } -> std::convertible_to<std::int64_t>;
    { s(epoch, i) } -> std::convertible_to<image_text_batch>;
};

/// Pairs in memory, shuffled anew every epoch; what does not fill a batch is left out.
class memory_batches {
public:
    /// @param images [N, 3, S, S] @param ids [N, context]
    /// @param batch pairs of one process in a batch @param share with several processes, which of them this is; each holds all pairs
    memory_batches(at::Tensor images, at::Tensor ids, std::int64_t batch, std::uint64_t seed = 0, process_share share = {})
        : images_{std::move(images)}, ids_{std::move(ids)}, sampler_{images_.size(0), batch, seed, share} {
        if (images_.size(0) != ids_.size(0))
            throw input_error{"training data", "", std::to_string(images_.size(0)) + " texts, one for each image", std::to_string(ids_.size(0))};
    }

    [[nodiscard]] std::int64_t size() const { return sampler_.size(); }

    [[nodiscard]] image_text_batch operator()(std::int64_t epoch, std::int64_t i) const {
        auto chosen = sampler_(epoch, i);
        const auto rows = at::from_blob(chosen.data(), {static_cast<std::int64_t>(chosen.size())}, at::kLong).to(images_.device());
        return {images_.index_select(0, rows), ids_.index_select(0, rows)};
    }

private:
    at::Tensor images_, ids_;
    distributed_sampler sampler_;
};

/// The defaults are those of the fine-tuning inside CarbonNAAS's search (CATransformers, eval/model_eval.py).
struct training_options {
    adamw_options optimizer{.weight_decay = 0.1};
    std::int64_t steps = 0;               ///< training stops there; see workload::scaled_fine_tuning
    std::int64_t accumulated_batches = 1; ///< batches a step
    double largest_gradient = 0;          ///< longer gradients are shortened to this length; 0 for no limit
    gathering gathered{};                 ///< with several processes
    patch_dropout dropped_patches{};      ///< none by default
    nonfinite_steps nonfinite{};          ///< steps whose loss or gradients are not finite numbers stop training, by default
};

/// What `train` reports after every step.
struct training_progress {
    std::int64_t step = 0; ///< steps done
    std::int64_t epoch = 0; ///< the epoch that the step belongs to, from 0
    double learning_rate = 0;
    double loss = 0; ///< of the pairs of all processes
    bool epoch_done = false; ///< the last step of an epoch, or of all: the place for a checkpoint
    bool skipped = false; ///< whether the weights stay, since the loss or its gradients, or those of the scaled loss, are not finite
};

/// Trains a model in place, for options.steps steps through the batches of one epoch after the other. With an optimiser that has taken steps
/// before, training goes on where it stopped.
/// With several processes, which all start from the same weights, each brings its share of every batch, and all end with the same weights:
/// those of one process with the whole batches, but for the order in which sums are formed. Within a process the threads of LibTorch (`set_threads`)
/// share out the pairs of a batch and the parameters; any number of them ends with the same bits.
/// Where the precision needs a scaled loss, as `amp`, steps with infinite gradients are left out, up to 100 in a row; they count as steps of
/// training, as do those that `options.nonfinite` leaves out.
/// @param report called as `report(training_progress)` after every step, in every process
/// @throws error if an epoch has fewer batches than a step takes; input_error for a patch dropout outside [0, 1) or a `largest_gradient` that is no
/// number of 0 or more; nonfinite_error, in all processes
/// together and before the weights change, for a loss or gradients that are not finite
template <precision_policy Precision = fp32, batch_source Source, training_objective Objective, learning_rate_schedule Schedule,
          std::invocable<const training_progress&> Report, communicator Processes = single_process>
void train(clip_model& m, adamw& optimizer, const Source& source, Objective objective, const Schedule& schedule, const training_options& options,
           Report&& report, const Processes& processes = {}) {
    const std::int64_t together = options.accumulated_batches, per_epoch = together < 1 ? 0 : static_cast<std::int64_t>(source.size()) / together;
    if (per_epoch < 1) throw error{"an epoch of " + std::to_string(source.size()) + " batches is too short for steps of " + std::to_string(together)};
    require_not_negative("training", "largest_gradient", options.largest_gradient);
    const thread_team team; // of the steps and of what `report` computes
    nonfinite_guard guard{options.nonfinite}, scaling{detail::scales_in_a_row};
    for (std::int64_t step = optimizer.trained_steps(); step < options.steps; ++step) {
        const std::int64_t epoch = step / per_epoch, within = step % per_epoch;
        std::vector<image_text_batch> batches;
        for (std::int64_t i = 0; i < together; ++i) {
            auto& b = batches.emplace_back(source(epoch, within * together + i));
            if (options.dropped_patches.probability == 0) continue;
            const auto n = b.images.size(0), first = (i * processes.size() + processes.rank()) * n;
            b.patches = kept_patches(options.dropped_patches, n, m.vision.positional_embedding.size(0) - 1, step, first).to(b.images.device());
        }
        const double rate = schedule(step);
        optimizer.clear_gradients();
        const double scale = scales_loss<Precision> ? optimizer.scaler().scale() : 1;
        const double loss = accumulate_gradients<Precision>(processes, m, batches, objective, options.gathered, scale);
        const bool used = detail::use_gradients<Precision>(m, optimizer, rate, scale, options.largest_gradient, loss, step, epoch, guard, scaling);
        report(training_progress{step + 1, epoch, rate, loss, within + 1 == per_epoch || step + 1 == options.steps, !used});
    }
}

} // namespace verdant::nn
