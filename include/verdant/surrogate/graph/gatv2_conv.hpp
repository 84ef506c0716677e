#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/surrogate/graph/detail/attention_kernel.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/graph_attention.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace verdant::surrogate {

/// Attention whose scores look at both ends together: s_ji = a . leaky(W_l x_j + b_l + W_r x_i + b_r + W_e e_ji), shares are the softmax of s over
/// the edges that point at i, y_i = sum_j share_ji (W_l x_j + b_l) + b (Brody et al., ICLR 2022; torch_geometric/nn/conv/gatv2_conv.py). Features of
/// an edge from a node to itself are the mean of those of the other edges that point at it. Tensors `att`, `bias`, `lin_l.weight`, `lin_l.bias`,
/// `lin_r.weight`, `lin_r.bias`, `lin_edge.weight`.
template <class Scalar>
class gatv2_conv {
public:
    using scalar_type = Scalar;
    using options = attention_options;

    /// @param channels of a head
    /// @param prefix   of the tensors' names
    /// @throws input_error where a tensor is missing or has another shape
    gatv2_conv(std::size_t inputs, std::size_t channels, const io::named_tensors& tensors, const std::string& prefix, options o = {})
        : inputs_{inputs}, channels_{channels}, width_{detail::padded_to(channels, detail::row_block)}, options_{o},
          projection_{2 * o.heads * width_, {inputs}}, attention_(o.heads * width_), head_bias_(o.heads * width_), bias_(outputs()) {
        const auto all = o.heads * channels;
        const auto att = detail::layer_tensor<Scalar>(tensors, prefix + "att", {1, o.heads, channels});
        for (std::size_t i = 0; i < all; ++i) attention_[place(i)] = att[i];
        for (const bool right : {false, true}) {
            const auto name = prefix + (right && !o.share_weights ? "lin_r" : "lin_l");
            const auto weight = detail::layer_tensor<Scalar>(tensors, name + ".weight", {all, inputs});
            const auto bias = o.bias ? detail::layer_tensor<Scalar>(tensors, name + ".bias", {all}) : std::vector<Scalar>(all);
            for (std::size_t i = 0; i < all; ++i) {
                const auto output = place(i) + (right ? o.heads * width_ : 0);
                projection_.template set_weights<Scalar>(0, std::span{weight}.subspan(i * inputs, inputs), output);
                projection_.template set_bias<Scalar>(std::span{bias}.subspan(i, 1), output);
            }
        }
        if (o.bias) bias_ = detail::layer_tensor<Scalar>(tensors, prefix + "bias", {outputs()});
        if (o.heads == 1) std::copy(bias_.begin(), bias_.end(), head_bias_.begin());
        if (o.edge_columns > 0) edge_ = detail::layer_tensor<Scalar>(tensors, prefix + "lin_edge.weight", {all, o.edge_columns});
    }

    [[nodiscard]] std::size_t inputs() const noexcept { return inputs_; }
    [[nodiscard]] std::size_t outputs() const noexcept { return options_.concat ? options_.heads * channels_ : channels_; }
    [[nodiscard]] std::size_t heads() const noexcept { return options_.heads; }
    [[nodiscard]] bool adds_self_loops() const noexcept { return options_.add_self_loops; }

    /// @param shares where not null, takes the shares of attention; see `attention_of`
    /// @throws input_error where edges have not as many features as the layer wants
    void apply(const layer_call<Scalar>& c, layer_room<Scalar>& room, Scalar* shares = nullptr) const {
        if (c.edges.columns != options_.edge_columns)
            throw input_error{"GATv2Conv", "edges", std::to_string(options_.edge_columns) + " features an edge", std::to_string(c.edges.columns)};
        const auto nodes = c.last - c.origin, row = options_.heads * width_, stride = projection_.stride();
        Scalar* const projected = room.grown(room.projected, detail::padded_to(nodes, detail::row_group) * stride);
        projection_.apply(c.x, {}, nodes, {projected, stride}, room.instructions);
        const Scalar *of_edges = nullptr, *of_loops = nullptr;
        if (options_.edge_columns > 0) {
            of_edges = project_edges(c, room);
            of_loops = of_edges + detail::edges_in(c) * row;
        }
        const auto heads = detail::rows_of_heads(c, room, options_.heads, width_);
        detail::run_with<detail::attention_kernel, Scalar>(room.instructions, detail::attention_job<Scalar>{.row_starts = c.graph.row_starts().data(),
                                                                                                           .sources = c.graph.sources().data(),
                                                                                                           .origin = c.origin,
                                                                                                           .first = c.first,
                                                                                                           .last = c.last,
                                                                                                           .heads = options_.heads,
                                                                                                           .width = width_,
                                                                                                           .loops = options_.add_self_loops,
                                                                                                           .slope = static_cast<Scalar>(options_.negative_slope),
                                                                                                           .x = {projected, stride},
                                                                                                           .to = row,
                                                                                                           .attention = attention_.data(),
                                                                                                           .of_edges = of_edges,
                                                                                                           .of_loops = of_loops,
                                                                                                           .from_node = nullptr,
                                                                                                           .to_node = nullptr,
                                                                                                           .bias = head_bias_.data(),
                                                                                                           .scores = room.grown(room.scores, detail::most_edges(c) + 1),
                                                                                                           .y = heads,
                                                                                                           .shares = shares});
        detail::join_heads(c, heads, channels_, width_, options_, bias_);
    }

private:
    /// Where channel `i % channels` of head `i / channels` stands among heads that are padded.
    [[nodiscard]] std::size_t place(std::size_t i) const noexcept { return i / channels_ * width_ + i % channels_; }

    /// Projected features of the edges of a call, then of its nodes' edges to themselves.
    [[nodiscard]] const Scalar* project_edges(const layer_call<Scalar>& c, layer_room<Scalar>& room) const {
        const auto row = options_.heads * width_, columns = options_.edge_columns, edges = detail::edges_in(c);
        Scalar* const out = room.grown(room.of_edges, (edges + c.last - c.first) * row);
        std::vector<Scalar>& mean = room.of_nodes;
        if (mean.size() < columns) mean.resize(columns);
        const auto starts = c.graph.row_starts();
        const auto project = [&](const Scalar* features, Scalar* to) {
            std::fill_n(to, row, Scalar{0});
            for (std::size_t i = 0; i < options_.heads * channels_; ++i)
                for (std::size_t k = 0; k < columns; ++k) to[place(i)] += edge_[i * columns + k] * features[k];
        };
        for (auto i = c.first; i < c.last; ++i) {
            std::fill_n(mean.begin(), columns, Scalar{0});
            std::size_t others = 0;
            for (auto e = starts[i]; e < starts[i + 1]; ++e) {
                const Scalar* const features = c.edges.values.data() + c.graph.edge_numbers()[e] * columns;
                project(features, out + (e - starts[c.first]) * row);
                if (c.graph.sources()[e] == i) continue;
                ++others;
                for (std::size_t k = 0; k < columns; ++k) mean[k] += features[k];
            }
            if (others > 0)
                for (std::size_t k = 0; k < columns; ++k) mean[k] /= static_cast<Scalar>(others);
            project(mean.data(), out + (edges + i - c.first) * row);
        }
        return out;
    }

    std::size_t inputs_, channels_, width_; // width: channels of a head in memory
    options options_;
    detail::packed_linear<Scalar> projection_; // of sources, then of targets
    std::vector<Scalar> attention_, head_bias_, bias_, edge_;
};

} // namespace verdant::surrogate
