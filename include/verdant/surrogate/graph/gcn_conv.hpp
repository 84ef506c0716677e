#pragma once

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/surrogate/graph/detail/gathering.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/graph_conv.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>

namespace verdant::surrogate {

/// y_i = W sum_j (w_ji / sqrt(d_j d_i) x_j) + b over the edges j -> i and the node itself, where d is the sum of the weights that point at a node
/// (Kipf and Welling, ICLR 2017; torch_geometric/nn/conv/gcn_conv.py). A node has one edge to itself: of weight 1, or of the weight of the last that
/// the graph has. Tensors `lin.weight` and `bias`.
template <class Scalar>
class gcn_conv {
public:
    using scalar_type = Scalar;
    struct options {
        bool bias = true;
    };

    /// @param prefix of the tensors' names
    /// @throws input_error where a tensor is missing or has another shape
    gcn_conv(std::size_t inputs, std::size_t outputs, const io::named_tensors& tensors, const std::string& prefix, options o = {})
        : inputs_{inputs}, weights_{outputs, {inputs}} {
        weights_.template set_weights<Scalar>(0, detail::layer_tensor<Scalar>(tensors, prefix + "lin.weight", {outputs, inputs}));
        if (o.bias) weights_.template set_bias<Scalar>(detail::layer_tensor<Scalar>(tensors, prefix + "bias", {outputs}));
    }

    [[nodiscard]] std::size_t inputs() const noexcept { return inputs_; }
    [[nodiscard]] std::size_t outputs() const noexcept { return weights_.outputs(); }

    /// Edges may have one weight each. @throws input_error where they have more numbers
    void apply(const layer_call<Scalar>& c, layer_room<Scalar>& room) const {
        const Scalar* const weights = detail::edge_factors(layer_call<Scalar>{c.graph, c.origin, c.origin, c.last, c.x, c.y, c.edges}, room);
        const auto starts = c.graph.row_starts();
        const auto sources = c.graph.sources();
        const auto from = starts[c.origin];
        const auto nodes = c.last - c.origin;
        // 1 / sqrt(d) of each node, then the weight of its edge to itself, then the factors of edges.
        Scalar* const inverse = room.grown(room.of_nodes, 2 * nodes);
        Scalar* const loops = inverse + nodes;
        for (std::size_t i = 0; i < nodes; ++i) {
            Scalar sum = 0, loop = 1;
            for (auto e = starts[c.origin + i]; e < starts[c.origin + i + 1]; ++e) {
                const Scalar w = weights == nullptr ? Scalar{1} : weights[e - from];
                if (sources[e] == c.origin + i) loop = w;
                else sum += w;
            }
            sum += loop;
            inverse[i] = sum > 0 ? 1 / std::sqrt(sum) : Scalar{0};
            loops[i] = loop * inverse[i] * inverse[i];
        }
        const auto begin = starts[c.first];
        Scalar* const factors = room.grown(room.scores, detail::edges_in(c));
        for (auto i = c.first; i < c.last; ++i)
            for (auto e = starts[i]; e < starts[i + 1]; ++e)
                factors[e - begin] = (weights == nullptr ? Scalar{1} : weights[e - from]) * inverse[sources[e] - c.origin] * inverse[i - c.origin];
        detail::gather_and_multiply<Scalar>(c, room, detail::gathering::add, factors, loops + (c.first - c.origin), inputs_, weights_);
    }

private:
    std::size_t inputs_;
    detail::packed_linear<Scalar> weights_;
};

} // namespace verdant::surrogate
