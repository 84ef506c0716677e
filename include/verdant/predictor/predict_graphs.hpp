#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace verdant::predictor {

/// A graph predictor as an evaluator of points, all in one call: a search with it needs no LibTorch.
/// @tparam S a space whose points have graphs, see `spaces::sequence_graph`
/// @tparam M one metric for each number that is predicted, in the order of the predictor's targets; a prediction is in the metric's own unit, so
/// latencies that were learned in
///           milliseconds need a metric in milliseconds
template <search_space S, metric_like... M>
class predict_graphs {
    static constexpr bool some = sizeof...(M) > 0;
    static_assert(some, "verdant: this evaluator predicts no metric; write predict_graphs<space, latency>, a metric for each output of the predictor");

public:
    /// @throws input_error where the predictor has another number of outputs, or was trained on graphs of other columns than those of the space
    explicit predict_graphs(surrogate::graph_predictor predictor) : predictor_{std::move(predictor)} {
        if (predictor_.outputs() != sizeof...(M))
            throw input_error{"graph predictor", "targets", std::to_string(sizeof...(M)) + ", one for each metric", std::to_string(predictor_.outputs())};
        surrogate::require_features_for(predictor_.options().features, spaces::columns_of<S>(), "graph predictor");
        if (predictor_.options().undirected) throw input_error{"graph predictor", "undirected", "directed graphs, as points have them", "undirected ones"};
    }
    explicit predict_graphs(const surrogate::graph_predictor_weights& weights) : predict_graphs{surrogate::graph_predictor{weights}} {}

    [[nodiscard]] std::vector<metrics<M...>> operator()(std::span<const point<S>> points) const {
        typename surrogate::graph_predictor::workspace w;
        std::vector<float> values(points.size() * sizeof...(M));
        predictor_.predict(graph::graph_batch{spaces::graphs_of<S>(points)}, values, w);
        std::vector<metrics<M...>> out;
        out.reserve(points.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            std::array<double, sizeof...(M)> row;
            std::size_t k = 0;
            ((row[k] = predictor_.denormalise(values[i * sizeof...(M) + k], k) * M::unit::factor, ++k), ...);
            out.push_back(metrics<M...>::from_si_values(row));
        }
        return out;
    }
    [[nodiscard]] const surrogate::graph_predictor& predictor() const noexcept { return predictor_; }

private:
    surrogate::graph_predictor predictor_;
};

} // namespace verdant::predictor
