#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/predictor/graph/edge_functions.hpp>
#include <verdant/surrogate/graph/rank_loss.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The loss of graph predictors in LibTorch: squared error, and norms of embeddings that follow the target in order.
namespace verdant::predictor {

/// What a batch was worth.
struct graph_loss {
    at::Tensor value;        ///< [], with gradients
    at::Tensor correlations; ///< [hops], double: of the targets with the soft ranks of the norms, means over outputs
    double squared_error = 0; ///< mean over graphs and outputs
};

namespace detail {

struct rank_loss_function : torch::autograd::Function<rank_loss_function> {
    using context = torch::autograd::AutogradContext;
    using tensors = torch::autograd::variable_list;

    /// @param inputs predictions [graphs, outputs], then the embeddings of each hop @param norm the p of their norms
    /// @return the loss, and in double precision the squared error and the correlation of each hop
    static tensors forward(context* kept, const surrogate::rank_loss_options& o, double norm, const no_input& targets, at::TensorList inputs) {
        auto value = at::empty({}, inputs[0].options());
        auto parts = at::zeros({static_cast<std::int64_t>(inputs.size())}, inputs[0].options().dtype(at::kDouble));
        tensors gradients;
        for (const auto& t : inputs) gradients.push_back(at::empty_like(t));
        by_type(inputs[0], [&](auto number) {
            using T = decltype(number);
            *writable<T>(value) = compute<T>(o, norm, targets.value, inputs, gradients, {writable<double>(parts), inputs.size()});
        });
        kept->save_for_backward(gradients);
        kept->mark_non_differentiable({parts});
        return {value, parts};
    }

    static tensors backward(context* kept, const tensors& incoming) {
        tensors out(3);
        for (const auto& g : kept->get_saved_variables()) out.push_back(g * incoming.at(0));
        return out;
    }

private:
    template <class T>
    static T compute(const surrogate::rank_loss_options& o, double p, const at::Tensor& targets, at::TensorList inputs, const tensors& gradients,
                     std::span<double> parts) {
        const auto n = static_cast<std::size_t>(inputs[0].size(0)), outputs = static_cast<std::size_t>(inputs[0].size(1)), levels = inputs.size() - 1;
        const auto span_of = [](const at::Tensor& t) { return std::span{memory<T>(t), static_cast<std::size_t>(t.numel())}; };
        std::vector<T> norms(n * levels), predicted(n), wanted(n), of_predictions(n), of_norms(norms.size()), sums(norms.size(), 0);
        for (std::size_t h = 0; h < levels; ++h) surrogate::row_norms<T>(span_of(inputs[h + 1]), p, std::span{norms}.subspan(h * n, n));
        surrogate::rank_loss<T> loss{o};
        const T share = 1 / static_cast<T>(outputs);
        T value = 0;
        for (std::size_t k = 0; k < outputs; ++k) {
            for (std::size_t i = 0; i < n; ++i) {
                predicted[i] = memory<T>(inputs[0])[i * outputs + k];
                wanted[i] = memory<T>(targets)[i * outputs + k];
            }
            const auto found = loss(predicted, wanted, norms, of_predictions, of_norms);
            value += share * found.loss;
            parts[0] += static_cast<double>(share * found.squared_error);
            for (std::size_t h = 0; h < levels; ++h) parts[h + 1] += static_cast<double>(share * loss.correlations()[h]);
            for (std::size_t i = 0; i < n; ++i) writable<T>(gradients[0])[i * outputs + k] = share * of_predictions[i];
            for (std::size_t i = 0; i < norms.size(); ++i) sums[i] += share * of_norms[i];
        }
        for (std::size_t h = 0; h < levels; ++h) {
            const auto level = static_cast<std::size_t>(h) * n;
            surrogate::pull_back_row_norms<T>(span_of(inputs[h + 1]), p, std::span<const T>{norms}.subspan(level, n), std::span<const T>{sums}.subspan(level, n),
                                              {writable<T>(gradients[h + 1]), static_cast<std::size_t>(gradients[h + 1].numel())});
        }
        return value;
    }
};

} // namespace detail

/// Mean squared error, and the weight times the mean over hops of 1 - the correlation between targets and soft ranks of the norms of graph embeddings
/// (AutoBuild: ge_utils/diff_srcc.py). With several outputs, the mean of the losses of each.
/// @param predictions, targets [graphs, outputs] @param levels embeddings of the graphs at each hop @param norm the p of their norms
/// @throws input_error where shapes do not fit, and for options out of range
template <class = instantiated_when_used>
[[nodiscard]] graph_loss rank_loss_of(const at::Tensor& predictions, const at::Tensor& targets, const std::vector<at::Tensor>& levels, double norm = 1,
                                      const surrogate::rank_loss_options& o = {}) {
    if (predictions.dim() != 2 || predictions.sizes() != targets.sizes() || predictions.scalar_type() != targets.scalar_type() || predictions.numel() == 0)
        throw input_error{"loss of a graph predictor", "targets", "one for each output of some graphs, of the type of the predictions", "others"};
    std::vector<at::Tensor> inputs{predictions.contiguous()};
    for (const auto& g : levels) {
        if (g.dim() != 2 || g.size(0) != predictions.size(0) || g.scalar_type() != predictions.scalar_type())
            throw input_error{"loss of a graph predictor", "embeddings", "a row for each graph, of the type of the predictions", "others"};
        inputs.push_back(g.contiguous());
    }
    const auto out = detail::rank_loss_function::apply(o, norm, detail::no_input{targets.contiguous()}, at::TensorList{inputs});
    return {out[0], out[1].slice(0, 1), out[1][0].item<double>()};
}
VERDANT_DEFINED_ONCE(graph_loss rank_loss_of<>(const at::Tensor&, const at::Tensor&, const std::vector<at::Tensor>&, double,
                                               const surrogate::rank_loss_options&));

} // namespace verdant::predictor
