#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/batch_norm.hpp>
#include <verdant/nn/communicator.hpp>
#include <verdant/nn/labelled_images.hpp>
#include <verdant/nn/net_state.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/nn/schedule.hpp>
#include <verdant/nn/sgd.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>

#include <c10/core/GradMode.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace verdant::supernet {

/// An optimiser of all weights of a net, which become trainable.
template <nn::convolutional_net Net>
[[nodiscard]] nn::sgd optimizer_of(Net& net, const nn::sgd_options& options = {}) {
    nn::require_grad(net);
    nn::sgd out{options};
    nn::for_each_parameter(net, [&out](const std::string& name, const at::Tensor& t) { out.add(name, t); });
    return out;
}

/// One step: the gradients of all sub-networks are added, one after the other in memory, averaged over processes, and the weights move once
/// (moofa.md, section 6.2).
/// @param optimizer of the supernet's weights, see `optimizer_of`
/// @param batch own share of the batch; every process brings as many images and the same sub-networks
/// @return the losses of the sub-networks in this process
template <class Supernet, supervision Supervision, nn::communicator Processes = nn::single_process>
std::vector<double> training_step(Supernet& net, nn::sgd& optimizer, double learning_rate, const nn::labelled_images& batch,
                                  std::span<const typename Supernet::arch_type> subnets, Supervision& teaching, nn::training mode = {},
                                  const Processes& processes = {}) {
    const c10::AutoGradMode on{true};
    optimizer.zero_gradients();
    teaching.begin(batch);
    std::vector<double> losses;
    for (const auto& arch : subnets) {
        const auto logits = forward(net.active(arch), batch.images, mode);
        const auto loss = teaching(logits, batch.labels, static_cast<std::int64_t>(losses.size()));
        loss.backward();
        losses.push_back(loss.template item<double>());
    }
    if (processes.size() > 1) {
        std::vector<at::Tensor> gradients;
        nn::for_each_parameter(net.weights(), [&](const std::string&, at::Tensor& t) {
            if (t.grad().defined()) gradients.push_back(t.grad());
        });
        nn::all_reduce_sum(processes, gradients);
        for (auto& g : gradients) g.div_(processes.size());
    }
    optimizer.step(learning_rate);
    return losses;
}

/// Where a supernet's batches come from: `s.size()` of them an epoch, and `s(epoch, i)` gives the i-th, labelled images of any size.
template <class S>
concept image_source = requires(const S& s, std::int64_t epoch, std::int64_t i) {
    { s.size() } -> std::convertible_to<std::int64_t>;
    { s(epoch, i) } -> std::convertible_to<nn::labelled_images>;
};

} // namespace verdant::supernet

namespace verdant::detail {

template <class Policy>
[[nodiscard]] consteval bool gives_largest_first() {
    if constexpr (requires { Policy::largest_first; }) return Policy::largest_first;
    else return false;
}
template <class Supervision>
[[nodiscard]] consteval bool needs_largest_first() {
    if constexpr (requires { Supervision::needs_largest_first; }) return Supervision::needs_largest_first;
    else return false;
}

} // namespace verdant::detail

namespace verdant::supernet {

/// What `train_phase` reports after every step.
struct shrinking_progress {
    std::int64_t step = 0;  ///< steps done in this phase
    std::int64_t epoch = 0; ///< from 0
    double learning_rate = 0;
    double loss = 0; ///< mean over the sub-networks of the step, in this process
    bool epoch_done = false; ///< the place for validation and a checkpoint
};

/// Trains one phase of progressive shrinking in place. With an optimiser that has taken steps before, whose state was kept with the weights, the
/// phase goes on where it stopped.
/// @param sampling which sub-networks a step trains, such as `random_subnets{phase.subnets}`
/// @param report called as `report(shrinking_progress)` after every step
/// @throws input_error if an epoch has no batch, or the phase is none of its task
template <class Supernet, image_source Source, subnet_sampling<typename Supernet::space_type> Sampling, supervision Supervision,
          std::invocable<const shrinking_progress&> Report, nn::communicator Processes = nn::single_process>
void train_phase(Supernet& net, nn::sgd& optimizer, const shrinking_phase& phase, const Source& source, const Sampling& sampling,
                 Supervision& teaching, Report&& report, nn::training mode = {}, const Processes& processes = {}) {
    static_assert(verdant::detail::gives_largest_first<Sampling>() || !verdant::detail::needs_largest_first<Supervision>(),
                  "verdant: in-place distillation takes the first sub-network of a step for the largest; sample with supernet::sandwich, or another "
                  "policy that has largest_first = true");
    const std::int64_t batches = source.size();
    if (batches < 1) throw input_error{"progressive shrinking", "training data", "at least one batch an epoch", "none"};
    using space_type = typename Supernet::space_type;
    const auto candidates = candidates_of<space_type>(phase);
    const std::int64_t warmup = phase.warmup_epochs * batches, all = warmup + phase.epochs * batches;
    const nn::annealed_schedule schedule{phase.learning_rate * processes.size(), warmup, all - warmup, phase.warmup_rate};
    for (std::int64_t step = optimizer.steps(); step < all; ++step) {
        const auto epoch = step / batches, i = step % batches;
        const double rate = schedule(step);
        const auto subnets = sampling(std::type_identity<space_type>{}, step, candidates);
        const nn::labelled_images batch = source(epoch, i);
        const auto losses = training_step(net, optimizer, rate, batch, subnets, teaching, mode, processes);
        double sum = 0;
        for (const double l : losses) sum += l;
        report(shrinking_progress{step + 1, epoch, rate, losses.empty() ? 0 : sum / static_cast<double>(losses.size()), i + 1 == batches});
    }
}

} // namespace verdant::supernet
