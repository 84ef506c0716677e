#pragma once

#include <verdant/graph/csr_graph.hpp>
#include <verdant/surrogate/graph/detail/attention_kernel.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

/// What GATv2Conv and GATConv have in common: heads, and shares of attention that can be read.
namespace verdant::surrogate {

/// Options of layers with attention; the defaults are those of PyTorch-Geometric.
struct attention_options {
    std::size_t heads = 1;
    bool concat = true;           ///< heads stand side by side; otherwise they are averaged
    double negative_slope = 0.2;
    bool add_self_loops = true;   ///< each node attends to itself once, whatever edges to itself the graph has
    bool bias = true;
    bool share_weights = false;   ///< GATv2: one projection for sources and targets
    std::size_t edge_columns = 0; ///< GATv2: features of an edge
};

/// Which share of its attention a node gives to each edge that points at it.
template <class Scalar>
struct attention_shares {
    std::vector<graph::edge> edges; ///< those of the list that the graph was made of, without edges from a node to itself where those are replaced; then one such edge a node
    std::vector<Scalar> shares;     ///< [edges, heads], row by row; those of one target and head add up to 1
};

namespace detail {

/// Where the rows of heads go: to the result itself where there is one head, else to a place from which they are put together.
template <class Scalar>
[[nodiscard]] rows_of<Scalar> rows_of_heads(const layer_call<Scalar>& c, layer_room<Scalar>& room, std::size_t heads, std::size_t width) {
    if (heads == 1) return c.y;
    return {room.grown(room.gathered, (c.last - c.first) * heads * width), heads * width};
}

/// Puts heads together: side by side or averaged, and adds the bias.
template <class Scalar>
void join_heads(const layer_call<Scalar>& c, rows_of<Scalar> from, std::size_t channels, std::size_t width, const attention_options& o, const std::vector<Scalar>& bias) {
    if (o.heads == 1) return;
    for (std::size_t i = 0; i < c.last - c.first; ++i) {
        const Scalar* const row = from.row(i);
        Scalar* const y = c.y.row(i);
        for (std::size_t k = 0; k < channels; ++k) {
            Scalar sum = 0;
            for (std::size_t h = 0; h < o.heads; ++h)
                if (o.concat) y[h * channels + k] = row[h * width + k] + bias[h * channels + k];
                else sum += row[h * width + k];
            if (!o.concat) y[k] = sum / static_cast<Scalar>(o.heads) + bias[k];
        }
    }
}

} // namespace detail

/// The shares of attention of a layer in a graph.
/// @param layer GATv2Conv or GATConv
/// @param x     [nodes, inputs], row by row
template <graph_layer L>
[[nodiscard]] attention_shares<typename L::scalar_type> attention_of(const L& layer, const graph::csr_graph& g, std::span<const typename L::scalar_type> x,
                                                                     edge_values<typename L::scalar_type> edges = {}) {
    using scalar = typename L::scalar_type;
    attention_shares<scalar> out;
    static_cast<void>(apply_layer(layer, g, x, edges)); // checks the lengths
    const auto n = g.nodes(), in = layer.inputs(), heads = layer.heads();
    const auto stride = detail::padded_to(in, detail::panel_width), y_stride = detail::padded_to(layer.outputs(), detail::panel_width);
    std::vector<scalar> padded(detail::padded_to(n, detail::row_group) * stride), y(detail::padded_to(n, detail::row_group) * y_stride), kept((g.edges() + n) * heads);
    for (std::size_t r = 0; r < n; ++r) std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(r * in), in, padded.begin() + static_cast<std::ptrdiff_t>(r * stride));
    layer_room<scalar> room;
    if (n > 0) layer.apply({g, 0, 0, n, {padded.data(), stride}, {y.data(), y_stride}, edges}, room, kept.data());
    const auto listed = graph::edges_of(g);
    std::vector<std::size_t> place(g.edges());
    for (std::size_t e = 0; e < g.edges(); ++e) place[g.edge_numbers()[e]] = e;
    const auto take = [&](const graph::edge& e, std::size_t at) {
        out.edges.push_back(e);
        out.shares.insert(out.shares.end(), kept.begin() + static_cast<std::ptrdiff_t>(at * heads), kept.begin() + static_cast<std::ptrdiff_t>((at + 1) * heads));
    };
    for (std::size_t e = 0; e < listed.size(); ++e)
        if (!layer.adds_self_loops() || listed[e].source != listed[e].target) take(listed[e], place[e]);
    if (layer.adds_self_loops())
        for (graph::node i = 0; i < n; ++i) take({i, i}, g.edges() + i);
    return out;
}

} // namespace verdant::surrogate
