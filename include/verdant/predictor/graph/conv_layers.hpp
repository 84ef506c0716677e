#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/predictor/graph/edge_functions.hpp>
#include <verdant/predictor/graph/edge_rows.hpp>

#include <ATen/ops/addmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

/// Graph convolutions in LibTorch, as PyTorch-Geometric 2.4 computes them: x [nodes, inputs] to [nodes, outputs], with gradients. Messages go from
/// the source of an edge to its target.
namespace verdant::predictor {

/// A weight [outputs, inputs] and, where there is one, a bias.
struct linear_layer {
    at::Tensor weight, bias;

    [[nodiscard]] at::Tensor operator()(const at::Tensor& x) const { return at::linear(x, weight, bias); }
};

namespace detail {

[[nodiscard]] inline at::Tensor uniform(at::IntArrayRef shape, double bound, at::Generator& stream) { return at::empty(shape).uniform_(-bound, bound, stream); }
/// U(+-1 / sqrt(inputs)), as PyTorch begins.
[[nodiscard]] inline linear_layer new_linear(std::int64_t inputs, std::int64_t outputs, at::Generator& stream, bool bias = true) {
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    linear_layer out{uniform({outputs, inputs}, bound, stream), {}};
    if (bias) out.bias = uniform({outputs}, bound, stream);
    return out;
}
/// Weights by Glorot and Bengio, AISTATS 2010.
[[nodiscard]] inline linear_layer new_glorot(std::int64_t inputs, std::int64_t outputs, at::Generator& stream, bool bias) {
    auto out = new_linear(inputs, outputs, stream, bias);
    const double bound = std::sqrt(6 / static_cast<double>(inputs + outputs));
    out.weight.uniform_(-bound, bound, stream);
    return out;
}

/// The features of edges, and behind them for each target the mean of those that lead to it, zeros where none does: what its own edge gets.
[[nodiscard]] inline at::Tensor with_means(const edge_rows& looped, const at::Tensor& features) {
    const auto edges = features.size(0);
    // Rows of edges rather than of nodes; the edge of the target itself comes last in each.
    std::vector<std::int32_t> starts{0}, numbers;
    const auto* const from = memory<std::int32_t>(looped.numbers);
    const auto* const begin = memory<std::int32_t>(looped.starts);
    for (std::int64_t i = 0; i < looped.nodes(); ++i) {
        for (auto e = begin[i]; e + 1 < begin[i + 1]; ++e) numbers.push_back(from[e]);
        starts.push_back(static_cast<std::int32_t>(numbers.size()));
    }
    const auto kept = [](std::vector<std::int32_t>& v) { return at::from_blob(v.data(), {static_cast<std::int64_t>(v.size())}, at::kInt).clone(); };
    const auto means = aggregate({kept(starts), kept(numbers), {}, {}}, features, surrogate::graph_readout::mean);
    return edges == 0 ? means : at::cat({features, means});
}

/// Heads side by side, or their mean, and the bias.
[[nodiscard]] inline at::Tensor merged_heads(const at::Tensor& values, std::int64_t heads, bool side_by_side, const at::Tensor& bias) {
    auto out = side_by_side || heads == 1 ? values : values.view({values.size(0), heads, -1}).mean(1);
    return bias.defined() ? out + bias : out;
}

} // namespace detail

/// GATv2 (Brody, Alon and Yahav, ICLR 2022): torch_geometric/nn/conv/gatv2_conv.py. Its rows are `looped_rows_of` the graph; with those of `rows_of`
/// no node sees itself.
struct gatv2_conv {
    at::Tensor att, bias;        ///< [1, heads, channels]; bias of the result
    linear_layer lin_l, lin_r;   ///< of sources and of targets; undefined `lin_r` where both share `lin_l`
    at::Tensor edge_weight;      ///< `lin_edge.weight`; undefined without features of edges
    double slope = 0.2;
    bool concat = true; ///< heads side by side, else their mean

    [[nodiscard]] at::Tensor operator()(const edge_rows& rows, const at::Tensor& x, const at::Tensor& edge_features = {}) const {
        return detail::merged_heads(attention(rows, x, edge_features).values, att.size(1), concat, bias);
    }
    /// The result before the bias, and the shares of the edges. @param edge_features [edges of the graph, inputs]
    [[nodiscard]] attended attention(const edge_rows& rows, const at::Tensor& x, const at::Tensor& edge_features = {}) const {
        const auto left = lin_l(x), right = lin_r.weight.defined() ? lin_r(x) : left;
        at::Tensor edge;
        if (edge_weight.defined() && edge_features.defined()) {
            const bool looped = rows.edges() > 0 && rows.numbers.max().item<std::int64_t>() >= edge_features.size(0);
            edge = at::linear(looped || rows.edges() == rows.nodes() ? detail::with_means(rows, edge_features) : edge_features, edge_weight);
        }
        return attend_along(rows, att.squeeze(0), slope, left, right, edge);
    }
};

/// GAT (Velickovic et al., ICLR 2018): torch_geometric/nn/conv/gat_conv.py. Rows as for `gatv2_conv`.
struct gat_conv {
    at::Tensor att_src, att_dst, bias; ///< [1, heads, channels]
    linear_layer lin;                  ///< `lin_src`, without bias
    double slope = 0.2;
    bool concat = true;

    [[nodiscard]] at::Tensor operator()(const edge_rows& rows, const at::Tensor& x) const {
        return detail::merged_heads(attention(rows, x).values, att_src.size(1), concat, bias);
    }
    [[nodiscard]] attended attention(const edge_rows& rows, const at::Tensor& x) const {
        const auto heads = att_src.size(1), channels = att_src.size(2);
        const auto values = lin(x), by_head = values.view({x.size(0), heads, channels});
        const auto left = (by_head * att_src).sum(2), right = (by_head * att_dst).sum(2);
        return attend_along(rows, at::ones({heads, 1}, x.options()), slope, left, right, {}, values);
    }
};

/// W_rel AGG(w x_j) + b + W_root x_i (Morris et al., AAAI 2019): torch_geometric/nn/conv/graph_conv.py. Rows are `rows_of` the graph.
struct graph_conv {
    linear_layer lin_rel, lin_root; ///< the root has no bias
    surrogate::graph_readout how = surrogate::graph_readout::sum;

    [[nodiscard]] at::Tensor operator()(const edge_rows& rows, const at::Tensor& x) const { return lin_rel(aggregate(rows, x, how)) + lin_root(x); }
};

/// Sums of W x_j, divided by the roots of the degrees of both ends (Kipf and Welling, ICLR 2017): torch_geometric/nn/conv/gcn_conv.py. Its rows are
/// `normalised_rows_of` the graph.
struct gcn_conv {
    linear_layer lin; ///< without bias
    at::Tensor bias;

    [[nodiscard]] at::Tensor operator()(const edge_rows& rows, const at::Tensor& x) const {
        const auto sums = aggregate(rows, lin(x), surrogate::graph_readout::sum);
        return bias.defined() ? sums + bias : sums;
    }
};

/// W_l mean(x_j) + b + W_r x_i (Hamilton, Ying and Leskovec, NeurIPS 2017): torch_geometric/nn/conv/sage_conv.py. Rows are `rows_of` the graph.
struct sage_conv {
    linear_layer lin_l, lin_r; ///< `lin_r` has no bias
    bool normalize = false;    ///< whether rows of the result get the length 1

    [[nodiscard]] at::Tensor operator()(const edge_rows& rows, const at::Tensor& x) const {
        const auto y = lin_l(aggregate(rows, x, surrogate::graph_readout::mean)) + lin_r(x);
        return normalize ? y / y.norm(2, at::IntArrayRef{1}, true).clamp_min(1e-12) : y;
    }
};

/// The rows of GCN: an edge of weight 1 from each node to itself where there is none, and weights w / sqrt(d_j d_i) with the degrees d, sums of the
/// weights of the edges that lead to a node. @param weights of the edges, in the order of the graph's list; empty for 1 @param type of the layer's
/// input
template <class = instantiated_when_used>
[[nodiscard]] edge_rows normalised_rows_of(const graph::csr_graph& g, at::ScalarType type, std::span<const double> weights = {}) {
    std::vector<std::uint32_t> starts{0}, sources;
    std::vector<double> given, degrees(g.nodes(), 0);
    for (std::uint32_t i = 0; i < g.nodes(); ++i) {
        double own = 1;
        for (auto e = g.row_starts()[i]; e < g.row_starts()[i + 1]; ++e) {
            const double w = weights.empty() ? 1 : weights[g.edge_numbers()[e]];
            if (g.sources()[e] == i) own = w;
            else sources.push_back(g.sources()[e]), given.push_back(w), degrees[i] += w;
        }
        sources.push_back(i), given.push_back(own), degrees[i] += own;
        starts.push_back(static_cast<std::uint32_t>(sources.size()));
    }
    const auto inverse = [&degrees](std::uint32_t i) { return degrees[i] > 0 ? 1 / std::sqrt(degrees[i]) : 0.0; };
    for (std::uint32_t i = 0; i < g.nodes(); ++i)
        for (auto e = starts[i]; e < starts[i + 1]; ++e) given[e] *= inverse(sources[e]) * inverse(i);
    auto scaled = at::from_blob(given.data(), {static_cast<std::int64_t>(given.size())}, at::kDouble).to(type, false, true);
    return {detail::integers(starts), detail::integers(sources), {}, scaled};
}
VERDANT_DEFINED_ONCE(edge_rows normalised_rows_of<>(const graph::csr_graph&, at::ScalarType, std::span<const double>));

} // namespace verdant::predictor
