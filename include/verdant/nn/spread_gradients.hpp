#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/clip.hpp>
#include <verdant/nn/clip_forward.hpp>
#include <verdant/nn/communicator.hpp>
#include <verdant/nn/device.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/nn/training_objective.hpp>
#include <verdant/nn/training_step.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace verdant::nn {

/// How the loss of pairs that are spread over processes is formed, by the names of OpenCLIP. The defaults give the gradients that one process
/// with all the pairs would find. So does `local_loss = false`, by another way.
struct gathering {
    /// Each process forms its own rows of the similarities, n x N; otherwise all form all of them, N x N, and nothing but features and
    /// gradients of parameters is sent.
    bool local_loss = true;
    /// Features feel the losses of the other processes too. Without it training is not that of one process: with `local_loss` the features
    /// that own rows are compared with are constants, otherwise the features' gradients are divided by the number of processes.
    bool with_gradient = true;
};

} // namespace verdant::nn

namespace verdant::detail {

/// Features as a leaf, whose gradient can be taken: in 32 bits unless they have more.
[[nodiscard]] inline at::Tensor as_leaf(const at::Tensor& t) {
    auto leaf = t.detach().to(t.scalar_type() == at::kDouble ? at::kDouble : at::kFloat);
    if (leaf.is_same(t) || leaf.data_ptr() == t.data_ptr()) leaf = leaf.clone();
    return leaf.set_requires_grad(true);
}

[[nodiscard]] inline at::Tensor gradient_of(const at::Tensor& leaf) { return leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf.detach()); }

/// Features of a process and what the loss of all says of them.
struct gathered_gradients {
    nn::clip_features of_own;
    double loss = 0;
};

/// Forms the loss over all processes and takes its gradients, times `scale`, with respect to the own features, and, into the model's gradients, with respect
/// to the logit scale and bias. Gradients and loss are such that the processes' sum is that of the whole.
template <class Communicator, class Objective>
[[nodiscard]] gathered_gradients gradients_of_features(const Communicator& processes, const nn::clip_model& m, const nn::clip_features& own,
                                                       const Objective& objective, const nn::gathering& how, double scale) {
    const auto n = own.image.size(0), first = processes.rank() * n;
    const nn::clip_features all{as_leaf(processes.all_gather(own.image)), as_leaf(processes.all_gather(own.text))};
    const auto mine = [&](const at::Tensor& t) { return t.slice(0, first, first + n); };
    if (!how.local_loss) {
        const auto loss = objective(m, all) / processes.size();
        times(loss, scale).backward();
        const double weight = how.with_gradient ? processes.size() : 1;
        return {{mine(gradient_of(all.image)) * weight, mine(gradient_of(all.text)) * weight}, loss.template item<double>()};
    }
    const nn::clip_features rows{as_leaf(own.image), as_leaf(own.text)};
    const auto loss = objective(m, nn::spread_features{rows, all, first});
    times(loss, scale).backward();
    gathered_gradients out{{gradient_of(rows.image), gradient_of(rows.text)}, loss.template item<double>()};
    if (how.with_gradient) {
        const std::vector<at::Tensor> felt{gradient_of(all.image), gradient_of(all.text)};
        nn::all_reduce_sum(processes, felt);
        out.of_own = {out.of_own.image + mine(felt[0]), out.of_own.text + mine(felt[1])};
    }
    return out;
}

/// All gradients of a model, zeros where a process has none, so that all processes send the same.
[[nodiscard]] inline std::vector<at::Tensor> all_gradients(const nn::clip_model& m) {
    std::vector<at::Tensor> out;
    nn::for_each_parameter(m, [&out](const std::string&, const at::Tensor& t) {
        if (!t.requires_grad()) return;
        if (!t.grad().defined()) t.mutable_grad() = at::zeros_like(t.detach());
        out.push_back(t.grad());
    });
    return out;
}

/// Several processes: the features of all are computed and gathered without gradients, the loss is taken once, and what it says of a batch's features
/// then goes back through the model, batch after batch.
template <class Precision, class Communicator, class Objective>
double accumulate_over_processes(const Communicator& processes, const nn::clip_model& m, std::span<const nn::image_text_batch> batches,
                                 Objective& objective, const nn::gathering& how, double scale) {
    if (batches.empty()) throw error{"a training step needs at least one batch"};
    const auto device = m.logit_scale.device();
    objective.begin(batches, [&processes](const at::Tensor& t) { return processes.all_gather(t); });
    // One batch is in memory with its activations anyway; of several each is computed again.
    std::vector<nn::clip_features> parts;
    {
        const c10::AutoGradMode grad{batches.size() == 1};
        const typename Precision::scope scope{device};
        for (const auto& b : batches) parts.push_back(features(m, b.images, b.ids, b.patches));
    }
    gathered_gradients found;
    {
        const typename Precision::scope scope{device};
        std::vector<at::Tensor> image, text;
        for (const auto& p : parts) {
            image.push_back(p.image.detach());
            text.push_back(p.text.detach());
        }
        found = gradients_of_features(processes, m, {at::cat(image), at::cat(text)}, objective, how, scale);
    }
    for (std::int64_t i = 0, from = 0; i < static_cast<std::int64_t>(batches.size()); ++i) {
        const auto& b = batches[static_cast<std::size_t>(i)];
        const typename Precision::scope scope{device};
        const auto f = batches.size() == 1 ? parts.front() : features(m, b.images, b.ids, b.patches);
        const auto to = from + f.image.size(0);
        // A tower that is locked whole has no gradients.
        if (f.image.requires_grad()) f.image.backward(found.of_own.image.slice(0, from, to).to(f.image.scalar_type()));
        if (f.text.requires_grad()) f.text.backward(found.of_own.text.slice(0, from, to).to(f.text.scalar_type()));
        from = to;
    }
    auto sent = all_gradients(m);
    sent.push_back(at::full({}, found.loss, at::TensorOptions{}.dtype(at::kDouble).device(device)));
    nn::all_reduce_sum(processes, sent);
    return sent.back().template item<double>();
}

} // namespace verdant::detail

namespace verdant::nn {

/// Adds the gradients of one step's loss over the pairs of all processes, and gives the loss; both are the same on all of them. Every process brings as
/// many batches, of the same size, and the same scale of gradients. One process alone does what it does without the others.
/// @throws error if there is no batch
template <precision_policy Precision = fp32, communicator Communicator, training_objective Objective>
double accumulate_gradients(const Communicator& processes, const clip_model& m, std::span<const image_text_batch> batches, Objective& objective,
                            const gathering& how = {}, double scale = 1) {
    static_assert(std::same_as<Communicator, single_process> || spread_objective<Objective>,
                  "verdant: this objective cannot be spread over processes; give it begin(batches, gather) and a call with spread_features");
    if constexpr (spread_objective<Objective>)
        if (processes.size() > 1) return detail::accumulate_over_processes<Precision>(processes, m, batches, objective, how, scale);
    return accumulate_gradients<Precision>(m, batches, objective, scale);
}

} // namespace verdant::nn
