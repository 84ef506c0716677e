#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What graph layers have in common: how they are called, their room, their weights.
namespace verdant::surrogate {

/// Numbers of edges, `columns` for each edge in the order of the list that the graph was made of; none where `columns` is 0.
template <class Scalar>
struct edge_values {
    std::span<const Scalar> values;
    std::size_t columns = 0;
};

/// Room that layers work in and the instructions they use. Grows at first use; one for each thread.
template <class Scalar>
struct layer_room {
    vector_instructions instructions = chosen_instructions();
    std::vector<Scalar> projected = {}, gathered = {}, scores = {}, of_edges = {}, of_nodes = {};

    /// Makes room for at least `n` numbers, in steps of powers of two, so that batches of about one size need it once.
    static void grow(std::vector<Scalar>& v, std::size_t n) {
        if (v.size() < n) v.resize(std::bit_ceil(n));
    }
    /// @return the first of at least `n` numbers
    [[nodiscard]] static Scalar* grown(std::vector<Scalar>& v, std::size_t n) {
        grow(v, n);
        return v.data();
    }
};

/// One call of a layer: results for the nodes `first` to `last - 1` of a graph.
template <class Scalar>
struct layer_call {
    const graph::csr_graph& graph;
    std::size_t origin;                ///< the node whose inputs are row 0 of `x`; edges to the nodes that are asked for begin there or later
    std::size_t first, last;           ///< @pre origin <= first < last
    detail::rows_of<const Scalar> x;   ///< up to node `last - 1`; in memory a multiple of `row_group` rows of a multiple of `row_block` numbers
    detail::rows_of<Scalar> y;         ///< row 0 is that of `first`; in memory as `x`
    edge_values<Scalar> edges = {};    ///< weights or features of the edges of the whole graph
};

/// A layer that gives each node a new row of numbers, from its own row and those of the nodes whose edges point at it. Immutable: any number of
/// threads may call it, each with room of its own. The result of a node depends on nothing else, so graphs that lie side by side are as apart.
template <class L>
concept graph_layer = requires(const L& layer, const layer_call<typename L::scalar_type>& call, layer_room<typename L::scalar_type>& room) {
    { layer.inputs() } -> std::same_as<std::size_t>;
    { layer.outputs() } -> std::same_as<std::size_t>;
    layer.apply(call, room);
};

/// The results of a layer for all nodes of a graph: [nodes, outputs], row by row.
/// @param x [nodes, inputs], row by row
/// @throws input_error where there are not as many numbers
template <graph_layer L>
[[nodiscard]] std::vector<typename L::scalar_type> apply_layer(const L& layer, const graph::csr_graph& g, std::span<const typename L::scalar_type> x,
                                                               edge_values<typename L::scalar_type> edges = {}, vector_instructions instructions = chosen_instructions()) {
    using scalar = typename L::scalar_type;
    const auto n = g.nodes(), in = layer.inputs(), out = layer.outputs();
    if (x.size() != n * in)
        throw input_error{"graph layer", "inputs", std::to_string(n) + " rows of " + std::to_string(in), std::to_string(x.size()) + " numbers"};
    if (edges.values.size() != (edges.columns == 0 ? 0 : g.edges() * edges.columns))
        throw input_error{"graph layer", "edges", std::to_string(g.edges()) + " rows of " + std::to_string(edges.columns), std::to_string(edges.values.size()) + " numbers"};
    if (n == 0) return {};
    const auto rows = detail::padded_to(n, detail::row_group);
    const auto x_stride = detail::padded_to(in, detail::panel_width), y_stride = detail::padded_to(out, detail::panel_width);
    std::vector<scalar> padded(rows * x_stride), result(rows * y_stride), y(n * out);
    for (std::size_t r = 0; r < n; ++r) std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(r * in), in, padded.begin() + static_cast<std::ptrdiff_t>(r * x_stride));
    layer_room<scalar> room{.instructions = instructions};
    layer.apply({g, 0, 0, n, {padded.data(), x_stride}, {result.data(), y_stride}, edges}, room);
    for (std::size_t r = 0; r < n; ++r) std::copy_n(result.begin() + static_cast<std::ptrdiff_t>(r * y_stride), out, y.begin() + static_cast<std::ptrdiff_t>(r * out));
    return y;
}

namespace detail {

/// The numbers of a tensor that must have a shape. @throws input_error that names it
template <class Scalar>
[[nodiscard]] std::vector<Scalar> layer_tensor(const io::named_tensors& tensors, const std::string& name, const io::tensor_shape& shape) {
    const auto& found = tensors.at(name);
    if (found.shape() != shape)
        throw input_error{tensors.source_name().empty() ? "graph layer" : tensors.source_name(), "tensor " + name, "shape " + io::shape_text(shape), io::shape_text(found.shape())};
    return found.template to<Scalar>();
}

/// Edges that point at the nodes of a call.
template <class Scalar>
[[nodiscard]] std::size_t edges_in(const layer_call<Scalar>& c) {
    return c.graph.row_starts()[c.last] - c.graph.row_starts()[c.first];
}

/// The most edges that point at one node of a call.
template <class Scalar>
[[nodiscard]] std::size_t most_edges(const layer_call<Scalar>& c) {
    const auto starts = c.graph.row_starts();
    std::uint32_t most = 0;
    for (auto i = c.first; i < c.last; ++i) most = std::max(most, starts[i + 1] - starts[i]);
    return most;
}

} // namespace detail

} // namespace verdant::surrogate
