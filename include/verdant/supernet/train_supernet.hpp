#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/layers_in_shards.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/optim/learning_rate_schedule.hpp>
#include <verdant/nn/optim/sgd.hpp>
#include <verdant/nn/optim/weight_decay.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>

#include <ATen/ops/full.h>
#include <ATen/ops/isfinite.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Trains one phase of a supernet.
namespace verdant::supernet {

/// Once-for-all's rule (train_ofa_net.py, `no_decay_keys: bn#bias`), which MOOFA keeps: all but norms and biases, which go by their names.
struct once_for_all_decay {
    [[nodiscard]] constexpr bool operator()(std::string_view name, std::int64_t) const noexcept {
        return name.find("bn") == std::string_view::npos && name.find("bias") == std::string_view::npos;
    }
};
static_assert(nn::decay_rule<once_for_all_decay>);

/// An optimiser of all weights of a net, which become trainable.
template <nn::convolutional_net Net, nn::decay_rule Rule = once_for_all_decay>
[[nodiscard]] nn::sgd optimizer_of(Net& net, const nn::sgd_options& options = {}, const Rule& decays = {}) {
    nn::require_grad(net);
    nn::sgd out{options};
    nn::for_each_parameter(net, [&](const std::string& name, const at::Tensor& t) { out.add(name, t, decays); });
    return out;
}

namespace detail {

/// `training` shares layers out to a team of threads; another mode computes them as it says.
template <class Mode>
[[nodiscard]] auto layers_of(Mode mode) {
    if constexpr (std::same_as<Mode, nn::training>) return nn::training_in_shards{std::move(mode)};
    else return mode;
}

/// The losses of a step's sub-networks in this process; their gradients, averaged over all, are in the weights then.
template <class Supernet, class Supervision, class Mode, class Processes>
std::vector<double> gradients_of_step(Supernet& net, nn::sgd& optimizer, const nn::labelled_images& batch,
                                      std::span<const typename Supernet::arch_type> subnets, Supervision& criterion, Mode mode,
                                      const Processes& processes) {
    if (subnets.empty()) throw input_error{"progressive shrinking", "sub-networks of a step", "at least one", "none"};
    const c10::AutoGradMode on{true};
    const nn::thread_team team;
    const auto layers = layers_of(std::move(mode));
    optimizer.zero_gradients();
    criterion.begin(batch);
    std::vector<double> losses;
    for (const auto& arch : subnets) {
        const auto logits = forward(net.active(arch), batch.images, layers);
        const auto loss = criterion(logits, batch.labels, static_cast<std::int64_t>(losses.size()));
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
    return losses;
}

/// The mean; 0 of none.
[[nodiscard]] inline double mean_of(const std::vector<double>& losses) {
    double sum = 0;
    for (const double l : losses) sum += l;
    return losses.empty() ? 0 : sum / static_cast<double>(losses.size());
}

/// A loss that is finite only where those of all processes are: the own one, else what is not finite here, else not a number.
template <class Processes>
[[nodiscard]] double loss_of_all(double own, const Processes& processes) {
    if (processes.size() == 1) return own;
    auto bad = at::full({1}, std::isfinite(own) ? 0.0 : 1.0, at::kDouble);
    processes.all_reduce(bad);
    return bad.template item<double>() == 0 || !std::isfinite(own) ? own : std::numeric_limits<double>::quiet_NaN();
}

/// Whether all gradients of a net are finite; the same in all processes, since the gradients are.
template <nn::convolutional_net Net>
[[nodiscard]] bool gradients_are_finite(Net& net) {
    const c10::AutoGradMode off{false};
    at::Tensor sum;
    nn::for_each_parameter(net, [&sum](const std::string&, at::Tensor& t) {
        if (t.grad().defined()) sum = sum.defined() ? sum + t.grad().sum() : t.grad().sum();
    });
    if (!sum.defined() || std::isfinite(sum.template item<double>())) return true;
    bool finite = true; // sums may also have overflowed
    nn::for_each_parameter(net, [&finite](const std::string&, at::Tensor& t) {
        if (finite && t.grad().defined()) finite = at::isfinite(t.grad()).all().template item<bool>();
    });
    return finite;
}

/// The statistics of a net, to be put back after a step that is left out.
template <nn::convolutional_net Net>
[[nodiscard]] std::vector<at::Tensor> statistics_of(Net& net) {
    std::vector<at::Tensor> out;
    for_each_tensor(net, [&out](const std::string&, at::Tensor& t, bool trained) {
        if (!trained) out.push_back(t.clone());
    });
    return out;
}
template <nn::convolutional_net Net>
void put_back(Net& net, const std::vector<at::Tensor>& statistics) {
    const c10::AutoGradMode off{false};
    auto next = statistics.begin();
    for_each_tensor(net, [&next](const std::string&, at::Tensor& t, bool trained) {
        if (!trained) t.copy_(*next++);
    });
}

} // namespace detail

/// One step: the gradients of all sub-networks are added, one after the other in memory, averaged over processes, and the weights move once
/// (Once-for-all, progressive_shrinking.py, train_one_epoch).
/// @param optimizer of the supernet's weights, see `optimizer_of`
/// @param batch own share of the batch; every process brings as many images and the same sub-networks
/// @param mode  `training`, whose layers a team of threads shares out, or `training_channels_last`
/// @return the losses of the sub-networks in this process
/// @throws input_error for a step without a sub-network; nonfinite_error where losses or gradients are not finite; the weights stay then
template <class Supernet, supervision Supervision, std::derived_from<nn::training> Mode = nn::training,
          nn::communicator Processes = nn::single_process>
std::vector<double> training_step(Supernet& net, nn::sgd& optimizer, double learning_rate, const nn::labelled_images& batch,
                                  std::span<const typename Supernet::arch_type> subnets, Supervision& criterion, Mode mode = Mode{},
                                  const Processes& processes = {}) {
    const nn::thread_team team;
    auto losses = verdant::supernet::detail::gradients_of_step(net, optimizer, batch, subnets, criterion, mode, processes);
    const auto loss = verdant::supernet::detail::loss_of_all(verdant::supernet::detail::mean_of(losses), processes);
    nn::nonfinite_guard{}.takes(loss, verdant::supernet::detail::gradients_are_finite(net.weights()), optimizer.steps(), 0);
    optimizer.step(learning_rate);
    return losses;
}

/// Where a supernet's batches come from: `s.size()` of them an epoch, and `s(epoch, i)` gives the i-th, labelled images of any size.
template <class S>
concept image_source = requires(const S& s, std::int64_t epoch, std::int64_t i) {
    { s.size() } -> std::convertible_to<std::int64_t>;
    { s(epoch, i) } -> std::convertible_to<nn::labelled_images>;
};

namespace detail {

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

} // namespace detail

/// What `train_phase` reports after every step.
struct shrinking_progress {
    std::int64_t step = 0;  ///< steps done in this phase
    std::int64_t epoch = 0; ///< from 0
    double learning_rate = 0;
    double loss = 0; ///< mean over the sub-networks of the step, in this process
    bool epoch_done = false; ///< the place for validation and a checkpoint
    bool skipped = false;    ///< whether the weights stay, since losses or gradients are not finite
};

/// Trains one phase of progressive shrinking in place. With an optimiser that has taken steps before, whose state was kept with the weights, the
/// phase goes on where it stopped.
/// @param sampling which sub-networks a step trains, such as `random_subnets{phase.subnets}`
/// @param report called as `report(shrinking_progress)` after every step
/// @param mode     `training`, whose layers a team of threads shares out, or `training_channels_last`, which is several times as fast for narrow nets
/// @param nonfinite what is done with steps whose losses or gradients are not finite; those that are left out count, and leave statistics as they
/// were
/// @throws input_error if an epoch has no batch, a step no sub-network, or the phase is none of its task or trains nothing (`check_phase`);
/// nonfinite_error, in all processes together and before the weights change, for losses or gradients that are not finite
template <class Supernet, image_source Source, subnet_sampling<typename Supernet::space_type> Sampling, supervision Supervision,
          std::invocable<const shrinking_progress&> Report, std::derived_from<nn::training> Mode = nn::training,
          nn::communicator Processes = nn::single_process>
void train_phase(Supernet& net, nn::sgd& optimizer, const shrinking_phase& phase, const Source& source, const Sampling& sampling,
                 Supervision& criterion, Report&& report, Mode mode = Mode{}, const Processes& processes = {},
                 const nn::nonfinite_steps& nonfinite = {}) {
    static_assert(verdant::supernet::detail::gives_largest_first<Sampling>() || !verdant::supernet::detail::needs_largest_first<Supervision>(),
                  "verdant: in-place distillation takes the first sub-network of a step for the largest; sample with sandwich, or another "
                  "policy that has largest_first = true");
    check_phase(phase);
    const std::int64_t batches = source.size();
    if (batches < 1) throw input_error{"progressive shrinking", "training data", "at least one batch an epoch", "none"};
    using space_type = typename Supernet::space_type;
    const auto candidates = candidates_of<space_type>(phase);
    const std::int64_t warmup = phase.warmup_epochs * batches, all = warmup + phase.epochs * batches;
    const nn::annealed_schedule schedule{phase.learning_rate * processes.size(), warmup, all - warmup, phase.warmup_rate};
    const nn::thread_team team; // of the steps and of what `report` computes
    nn::nonfinite_guard guard{nonfinite};
    for (std::int64_t step = optimizer.steps(); step < all; ++step) {
        const auto epoch = step / batches, i = step % batches;
        const double rate = schedule(step);
        const auto subnets = sampling(std::type_identity<space_type>{}, step, candidates);
        const nn::labelled_images batch = source(epoch, i);
        const auto before = nonfinite.left_out > 0 ? verdant::supernet::detail::statistics_of(net.weights()) : std::vector<at::Tensor>{};
        const double loss = verdant::supernet::detail::mean_of(
            verdant::supernet::detail::gradients_of_step<Supernet>(net, optimizer, batch, subnets, criterion, mode, processes));
        const bool used = guard.takes(verdant::supernet::detail::loss_of_all(loss, processes),
                                      verdant::supernet::detail::gradients_are_finite(net.weights()), step, epoch);
        if (used) optimizer.step(rate);
        else {
            verdant::supernet::detail::put_back(net.weights(), before);
            optimizer.leave_out();
        }
        report(shrinking_progress{step + 1, epoch, rate, loss, i + 1 == batches, !used});
    }
}

} // namespace verdant::supernet
