#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/surrogate/graph/detail/gathering.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace verdant::surrogate {

/// What a GraphConv does with the nodes before a node: sum, mean, or the greatest of each column; 0 where there are none.
enum class graph_aggregation : std::uint8_t { add, mean, max };

namespace detail {

/// Factors of the edges that point at the nodes of a call, as the graph has them; null where edges have no weights.
template <class Scalar>
[[nodiscard]] const Scalar* edge_factors(const layer_call<Scalar>& c, layer_room<Scalar>& room) {
    if (c.edges.columns == 0) return nullptr;
    if (c.edges.columns != 1) throw input_error{"graph layer", "edges", "one weight an edge", std::to_string(c.edges.columns) + " numbers"};
    const auto begin = c.graph.row_starts()[c.first], end = c.graph.row_starts()[c.last];
    Scalar* const out = room.grown(room.of_edges, end - begin);
    for (auto e = begin; e < end; ++e) out[e - begin] = c.edges.values[c.graph.edge_numbers()[e]];
    return out;
}

/// Gathers, then multiplies with two matrices: y = W_1 gathered + W_2 x + b, the second where the layer has it.
template <class Scalar>
void gather_and_multiply(const layer_call<Scalar>& c, layer_room<Scalar>& room, gathering how, const Scalar* of_edges, const Scalar* of_loops,
                         std::size_t inputs, const packed_linear<Scalar>& weights) {
    const auto n = c.last - c.first, width = padded_to(inputs, row_block);
    Scalar* const gathered = room.grown(room.gathered, padded_to(n, row_group) * width);
    run_with<gathering_kernel, Scalar>(room.instructions, gathering_job<Scalar>{.row_starts = c.graph.row_starts().data(),
                                                                               .sources = c.graph.sources().data(),
                                                                               .origin = c.origin,
                                                                               .first = c.first,
                                                                               .last = c.last,
                                                                               .x = c.x,
                                                                               .y = {gathered, width},
                                                                               .width = width,
                                                                               .of_edges = of_edges,
                                                                               .of_loops = of_loops,
                                                                               .how = how});
    weights.apply({gathered, width}, {c.x.row(c.first - c.origin), c.x.stride}, n, c.y, room.instructions);
}

} // namespace detail

/// y_i = W_rel aggregate(w_ji x_j of the edges j -> i) + b + W_root x_i (Morris et al., AAAI 2019; torch_geometric/nn/conv/graph_conv.py). Tensors
/// `lin_rel.weight`, `lin_rel.bias`, `lin_root.weight`.
template <class Scalar>
class graph_conv {
public:
    using scalar_type = Scalar;
    struct options {
        graph_aggregation aggregation = graph_aggregation::add;
        bool bias = true;
    };

    /// @param prefix of the tensors' names, such as `encoder.gnn_layers.0.`
    /// @throws input_error where a tensor is missing or has another shape
    graph_conv(std::size_t inputs, std::size_t outputs, const io::named_tensors& tensors, const std::string& prefix, options o = {})
        : inputs_{inputs}, options_{o}, weights_{outputs, {inputs, inputs}} {
        weights_.template set_weights<Scalar>(0, detail::layer_tensor<Scalar>(tensors, prefix + "lin_rel.weight", {outputs, inputs}));
        weights_.template set_weights<Scalar>(1, detail::layer_tensor<Scalar>(tensors, prefix + "lin_root.weight", {outputs, inputs}));
        if (o.bias) weights_.template set_bias<Scalar>(detail::layer_tensor<Scalar>(tensors, prefix + "lin_rel.bias", {outputs}));
    }

    [[nodiscard]] std::size_t inputs() const noexcept { return inputs_; }
    [[nodiscard]] std::size_t outputs() const noexcept { return weights_.outputs(); }

    /// Edges may have one weight each. @throws input_error where they have more numbers
    void apply(const layer_call<Scalar>& c, layer_room<Scalar>& room) const {
        detail::gather_and_multiply<Scalar>(c, room, static_cast<detail::gathering>(options_.aggregation), detail::edge_factors(c, room), nullptr, inputs_,
                                            weights_);
    }

private:
    std::size_t inputs_;
    options options_;
    detail::packed_linear<Scalar> weights_;
};

} // namespace verdant::surrogate
