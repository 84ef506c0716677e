#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/numeric/spearman.hpp>
#include <verdant/predictor/graph/graph_network.hpp>
#include <verdant/predictor/graph/network_batch.hpp>
#include <verdant/predictor/target_moments.hpp>
#include <verdant/surrogate/graph/rank_loss.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

/// How well a graph predictor predicts, and the norms of its embeddings, with LibTorch.
namespace verdant::predictor {

/// What one output of a predictor is worth on networks that it was not trained with.
struct graph_quality {
    surrogate::prediction_errors normalised; ///< of targets with mean 0 and deviation 1 on the training part, as AutoBuild reports them
    surrogate::prediction_errors raw;        ///< in units of the target
    double spearman = 0;                     ///< rank correlation of predictions and targets (SRCC)
    double kendall = 0;                      ///< tau-b of both
    std::vector<double> hop_spearman;        ///< of the targets and the norms of graph embeddings, hop by hop
};

/// Predictions and norms of all graphs, without gradients.
struct graph_readings {
    std::size_t outputs = 1;
    std::vector<double> predictions;              ///< [graphs, outputs], normalised
    std::vector<std::vector<double>> graph_norms; ///< hop by hop, one for each graph
    std::vector<std::vector<double>> node_norms;  ///< hop by hop, one for each node
};

namespace detail {

inline void append_norms(const at::Tensor& rows, double p, std::vector<double>& norms) {
    const auto plain = rows.contiguous();
    std::vector<float> found(static_cast<std::size_t>(plain.size(0)));
    surrogate::row_norms<float>({memory<float>(plain), static_cast<std::size_t>(plain.numel())}, p, found);
    norms.insert(norms.end(), found.begin(), found.end());
}

} // namespace detail

/// Reads all graphs, some hundred at a time.
template <class = instantiated_when_used>
[[nodiscard]] graph_readings read_graphs(const graph_network& net, const network_graphs& graphs) {
    graph_readings out;
    out.outputs = net.options().outputs();
    const auto levels = net.options().layers + 1;
    out.graph_norms.resize(levels), out.node_norms.resize(levels);
    std::vector<std::uint32_t> order(graphs.size());
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t first = 0; first < order.size(); first += 256) {
        const auto found = net.evaluate(graphs(std::span{order}.subspan(first, std::min<std::size_t>(256, order.size() - first))));
        const auto plain = found.predictions.contiguous();
        const auto* const from = detail::memory<float>(plain);
        out.predictions.insert(out.predictions.end(), from, from + plain.numel());
        for (std::size_t h = 0; h < levels; ++h) {
            detail::append_norms(found.graphs[h], net.options().norm, out.graph_norms[h]);
            detail::append_norms(found.nodes[h], net.options().norm, out.node_norms[h]);
        }
    }
    return out;
}
VERDANT_DEFINED_ONCE(graph_readings read_graphs<>(const graph_network&, const network_graphs&));

/// The quality of one output. @param targets of that output, in their own units @throws input_error unless there is one for each graph, at least two
template <class = instantiated_when_used>
[[nodiscard]] graph_quality quality_of_output(const graph_readings& readings, std::size_t output, std::span<const double> targets, const target_scale& scale) {
    const auto n = targets.size();
    if (n < 2 || readings.predictions.size() != n * readings.outputs)
        throw input_error{"quality of a graph predictor", "targets", "one for each graph, of two or more", std::to_string(n)};
    std::vector<double> predicted(n), raw(n), wanted(n);
    for (std::size_t i = 0; i < n; ++i) {
        predicted[i] = readings.predictions[i * readings.outputs + output];
        raw[i] = scale.target(predicted[i]);
        wanted[i] = scale.scaled(targets[i]);
    }
    graph_quality q;
    q.normalised = surrogate::errors_of(std::span<const double>{predicted}, std::span<const double>{wanted});
    q.raw = surrogate::errors_of(std::span<const double>{raw}, targets);
    q.spearman = surrogate::spearman_rho(predicted, targets);
    q.kendall = surrogate::kendall_tau(predicted, targets);
    for (const auto& norms : readings.graph_norms) q.hop_spearman.push_back(surrogate::spearman_rho(norms, targets));
    return q;
}
VERDANT_DEFINED_ONCE(graph_quality quality_of_output<>(const graph_readings&, std::size_t, std::span<const double>, const target_scale&));

} // namespace verdant::predictor
