#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/nn/models/clip_forward.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/train/batch_shards.hpp>
#include <verdant/nn/train/training_objective.hpp>
#include <verdant/nn/train/training_step.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Gradients of a contrastive loss whose pairs are spread over processes.
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

namespace detail {

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

/// Forms the loss over all processes and takes its gradients, times `scale`, with respect to the own features, and, into the model's gradients, with
/// respect to the logit scale and bias. Gradients and loss are such that the processes' sum is that of the whole.
template <class Communicator, class Objective>
[[nodiscard]] gathered_gradients gradients_of_features(const Communicator& processes, const nn::clip_model& m, const nn::clip_features& own,
                                                       const Objective& objective, const nn::gathering& how, double scale) {
    const auto n = own.image.size(0), first = processes.rank() * n;
    const nn::clip_features all{as_leaf(processes.all_gather(own.image)), as_leaf(processes.all_gather(own.text))};
    const auto mine = [&](const at::Tensor& t) { return t.slice(0, first, first + n); };
    if (!how.local_loss) {
        const auto loss = objective(m, all) / processes.size();
        scaled_loss(loss, scale).backward();
        const double weight = how.with_gradient ? processes.size() : 1;
        return {{mine(gradient_of(all.image)) * weight, mine(gradient_of(all.text)) * weight}, loss.template item<double>()};
    }
    const nn::clip_features rows{as_leaf(own.image), as_leaf(own.text)};
    const auto loss = objective(m, nn::distributed_features{rows, all, first});
    scaled_loss(loss, scale).backward();
    gathered_gradients out{{gradient_of(rows.image), gradient_of(rows.text)}, loss.template item<double>()};
    if (how.with_gradient) {
        const std::vector<at::Tensor> felt{gradient_of(all.image), gradient_of(all.text)};
        nn::all_reduce_sum(processes, felt);
        out.of_own = {out.of_own.image + mine(felt[0]), out.of_own.text + mine(felt[1])};
    }
    return out;
}

/// The same of one process alone, whose objective need not know of others.
template <class Objective>
[[nodiscard]] gathered_gradients gradients_of_features(const nn::clip_model& m, const nn::clip_features& own, const Objective& objective, double scale) {
    const c10::AutoGradMode on{true};
    const nn::clip_features leaves{own.image.detach().set_requires_grad(true), own.text.detach().set_requires_grad(true)};
    const auto loss = objective(m, leaves);
    scaled_loss(loss, scale).backward();
    return {{gradient_of(leaves.image), gradient_of(leaves.text)}, loss.template item<double>()};
}

/// Either of the two.
template <class Communicator, class Objective>
[[nodiscard]] gathered_gradients gradients_of_loss(const Communicator& processes, const nn::clip_model& m, const nn::clip_features& own,
                                                   const Objective& objective, const nn::gathering& how, double scale) {
    if constexpr (nn::distributed_objective<Objective>)
        if (processes.size() > 1) return gradients_of_features(processes, m, own, objective, how, scale);
    return gradients_of_features(m, own, objective, scale);
}

/// Lets an objective see the batches of a step, and those of the other processes where there are any.
template <class Objective, class Communicator>
void begin(Objective& objective, std::span<const nn::image_text_batch> batches, const Communicator& processes) {
    if constexpr (nn::distributed_objective<Objective>)
        if (processes.size() > 1) return objective.begin(batches, [&processes](const at::Tensor& t) { return processes.all_gather(t); });
    objective.begin(batches);
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

/// The features of all pairs of a step, whose loss is taken once; what it says of a shard's features then goes back through the model, shard after
/// shard or on several threads. The features of all processes are gathered without their history.
template <class Precision, class Communicator, class Objective>
double accumulate_in_shards(const Communicator& processes, const nn::clip_model& m, std::span<const nn::image_text_batch> batches, Objective& objective,
                            const nn::gathering& how, double scale) {
    if (batches.empty()) throw error{"a training step needs at least one batch"};
    const auto device = m.logit_scale.device();
    const nn::thread_team team;
    begin(objective, batches, processes);
    const auto shards = shards_of(batches);
    // One thread alone adds to the model's gradients in the order of the shards anyway.
    const bool together = device.is_cpu() && team.threads() > 1;
    struct shard_features {
        nn::clip_model model;
        nn::clip_features of;
    };
    std::vector<shard_features> parts(shards.size());
    const auto encode = [&](std::size_t i) {
        const typename Precision::scope scope{device};
        const auto rows = rows_of(batches, shards[i]);
        parts[i].model = together ? with_own_gradients(m) : m;
        parts[i].of = features(parts[i].model, rows.images, rows.ids, rows.patches);
    };
    // One batch is in memory with its activations anyway; of several each is computed again.
    const bool kept = batches.size() == 1;
    nn::thread_team::share(shards.size(), device, [&](std::size_t i) {
        const c10::AutoGradMode grad{kept};
        encode(i);
    });
    gathered_gradients found;
    {
        const typename Precision::scope scope{device};
        std::vector<at::Tensor> image, text;
        for (const auto& p : parts) {
            image.push_back(p.of.image.detach());
            text.push_back(p.of.text.detach());
        }
        const nn::clip_features own{at::cat(image), at::cat(text)};
        found = gradients_of_loss(processes, m, own, objective, how, scale);
    }
    std::vector<std::int64_t> first(shards.size());
    for (std::size_t i = 1; i < shards.size(); ++i) first[i] = first[i - 1] + shards[i - 1].to - shards[i - 1].from;
    gradients_in_order sum{m, shards.size()};
    nn::thread_team::share(shards.size(), device, [&](std::size_t i) {
        const c10::AutoGradMode grad{true};
        if (!kept) encode(i);
        const auto part = std::exchange(parts[i], {}); // its activations go with it
        const auto rows = [&](const at::Tensor& t) { return t.slice(0, first[i], first[i] + shards[i].to - shards[i].from); };
        // A tower that is locked whole has no gradients.
        if (part.of.image.requires_grad()) part.of.image.backward(rows(found.of_own.image).to(part.of.image.scalar_type()));
        if (part.of.text.requires_grad()) part.of.text.backward(rows(found.of_own.text).to(part.of.text.scalar_type()));
        if (together) sum.add(i, part.model);
    });
    if (processes.size() == 1) return found.loss;
    auto sent = all_gradients(m);
    sent.push_back(at::full({}, found.loss, at::TensorOptions{}.dtype(at::kDouble).device(device)));
    nn::all_reduce_sum(processes, sent);
    return sent.back().template item<double>();
}
VERDANT_DEFINED_ONCE(double accumulate_in_shards<nn::fp32>(const nn::single_process&, const nn::clip_model&, std::span<const nn::image_text_batch>,
                                                            nn::contrastive_objective&, const nn::gathering&, double));

} // namespace detail

/// Adds the gradients of one step's loss over the pairs of all processes, and gives the loss; both are the same on all of them. Every process brings
/// as many batches, of the same size, and the same scale of gradients. On a processor each batch is shared out in `shards_of` parts to the threads of
/// a `thread_team`, and their gradients are added in the order of the parts: the same bits for any number of threads. A thread has gradients of its
/// own while it computes, which are as large as the weights.
/// @throws error if there is no batch
template <precision_policy Precision = fp32, communicator Communicator, training_objective Objective>
double accumulate_gradients(const Communicator& processes, const clip_model& m, std::span<const image_text_batch> batches, Objective& objective,
                            const gathering& how = {}, double scale = 1) {
    static_assert(std::same_as<Communicator, single_process> || distributed_objective<Objective>,
                  "verdant: this objective cannot be spread over processes; give it begin(batches, gather) and a call with distributed_features");
    return detail::accumulate_in_shards<Precision>(processes, m, batches, objective, how, scale);
}

} // namespace verdant::nn
