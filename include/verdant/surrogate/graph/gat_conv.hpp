#pragma once

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

/// Attention whose scores are sums of one number for each end: s_ji = leaky(W x_j . a_src + W x_i . a_dst), shares are the softmax of s over the
/// edges that point at i, y_i = sum_j share_ji W x_j + b (Velickovic et al., ICLR 2018; torch_geometric/nn/conv/gat_conv.py). Tensors `att_src`,
/// `att_dst`, `bias`, `lin_src.weight`.
template <class Scalar>
class gat_conv {
public:
    using scalar_type = Scalar;
    using options = attention_options;

    /// @param channels of a head
    /// @param prefix   of the tensors' names
    /// @throws input_error where a tensor is missing or has another shape, or for features of edges, which this layer does not take
    gat_conv(std::size_t inputs, std::size_t channels, const io::named_tensors& tensors, const std::string& prefix, options o = {})
        : inputs_{inputs}, channels_{channels}, width_{detail::padded_to(channels, detail::row_block)}, options_{o}, projection_{o.heads * width_, {inputs}},
          head_bias_(o.heads * width_), bias_(outputs()) {
        if (o.edge_columns > 0 || o.share_weights) throw input_error{"GATConv", "options", "neither features of edges nor shared weights", "some"};
        const auto all = o.heads * channels;
        from_ = detail::layer_tensor<Scalar>(tensors, prefix + "att_src", {1, o.heads, channels});
        to_ = detail::layer_tensor<Scalar>(tensors, prefix + "att_dst", {1, o.heads, channels});
        const auto weight = detail::layer_tensor<Scalar>(tensors, prefix + "lin_src.weight", {all, inputs});
        for (std::size_t i = 0; i < all; ++i)
            projection_.template set_weights<Scalar>(0, std::span{weight}.subspan(i * inputs, inputs), i / channels * width_ + i % channels);
        if (o.bias) bias_ = detail::layer_tensor<Scalar>(tensors, prefix + "bias", {outputs()});
        if (o.heads == 1) std::copy(bias_.begin(), bias_.end(), head_bias_.begin());
    }

    [[nodiscard]] std::size_t inputs() const noexcept { return inputs_; }
    [[nodiscard]] std::size_t outputs() const noexcept { return options_.concat ? options_.heads * channels_ : channels_; }
    [[nodiscard]] std::size_t heads() const noexcept { return options_.heads; }
    [[nodiscard]] bool adds_self_loops() const noexcept { return options_.add_self_loops; }

    /// Numbers of edges are not used. @param shares where not null, takes the shares of attention; see `attention_of`
    void apply(const layer_call<Scalar>& c, layer_room<Scalar>& room, Scalar* shares = nullptr) const {
        const auto nodes = c.last - c.origin, stride = projection_.stride();
        Scalar* const projected = room.grown(room.projected, detail::padded_to(nodes, detail::row_group) * stride);
        projection_.apply(c.x, {}, nodes, {projected, stride}, room.instructions);
        Scalar* const from = room.grown(room.of_nodes, 2 * nodes * options_.heads);
        Scalar* const to = from + nodes * options_.heads;
        for (std::size_t i = 0; i < nodes; ++i)
            for (std::size_t h = 0; h < options_.heads; ++h) {
                const Scalar* const row = projected + i * stride + h * width_;
                Scalar source = 0, target = 0;
                for (std::size_t k = 0; k < channels_; ++k) {
                    source += row[k] * from_[h * channels_ + k];
                    target += row[k] * to_[h * channels_ + k];
                }
                from[i * options_.heads + h] = source;
                to[i * options_.heads + h] = target;
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
                                                                                                           .to = 0,
                                                                                                           .attention = nullptr,
                                                                                                           .of_edges = nullptr,
                                                                                                           .of_loops = nullptr,
                                                                                                           .from_node = from,
                                                                                                           .to_node = to,
                                                                                                           .bias = head_bias_.data(),
                                                                                                           .scores = room.grown(room.scores, detail::most_edges(c) + 1),
                                                                                                           .y = heads,
                                                                                                           .shares = shares});
        detail::join_heads(c, heads, channels_, width_, options_, bias_);
    }

private:
    std::size_t inputs_, channels_, width_; // width: channels of a head in memory
    options options_;
    detail::packed_linear<Scalar> projection_;
    std::vector<Scalar> from_, to_, head_bias_, bias_;
};

} // namespace verdant::surrogate
