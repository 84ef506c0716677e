#pragma once

#include <verdant/graph/csr_graph.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/empty.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

/// The edges of a graph as graph convolutions in LibTorch take them.
namespace verdant::predictor {

/// Edges grouped by target, as integer tensors, so that functions with gradients can keep them. A batch of graphs is one graph, block by block.
struct edge_rows {
    at::Tensor starts;  ///< int32 [nodes + 1]: where the edges of each target begin
    at::Tensor sources; ///< int32 [edges]
    at::Tensor numbers; ///< int32 [edges]: the row of an edge's features or weight; undefined where these are as the edges here
    at::Tensor weights; ///< [edges], of the type of the layer's input; undefined for 1

    [[nodiscard]] std::int64_t nodes() const { return starts.size(0) - 1; }
    [[nodiscard]] std::int64_t edges() const { return sources.size(0); }
};

namespace detail {

[[nodiscard]] inline at::Tensor integers(std::span<const std::uint32_t> from) {
    auto out = at::empty({static_cast<std::int64_t>(from.size())}, at::TensorOptions{}.dtype(at::kInt));
    if (!from.empty()) std::memcpy(out.data_ptr(), from.data(), from.size_bytes());
    return out;
}

} // namespace detail

/// The edges as they are.
[[nodiscard]] inline edge_rows rows_of(const graph::csr_graph& g) {
    return {detail::integers(g.row_starts()), detail::integers(g.sources()), detail::integers(g.edge_numbers()), {}};
}

/// The edges without those from a node to itself, and behind those of each target one of that kind: what attention works on. The number of such an
/// edge is that of its node behind all edges of the graph.
template <class = instantiated_when_used>
[[nodiscard]] edge_rows looped_rows_of(const graph::csr_graph& g) {
    std::vector<std::uint32_t> starts{0}, sources, numbers;
    starts.reserve(g.nodes() + 1), sources.reserve(g.edges() + g.nodes()), numbers.reserve(g.edges() + g.nodes());
    for (std::uint32_t i = 0; i < g.nodes(); ++i) {
        for (auto e = g.row_starts()[i]; e < g.row_starts()[i + 1]; ++e) {
            if (g.sources()[e] == i) continue;
            sources.push_back(g.sources()[e]);
            numbers.push_back(g.edge_numbers()[e]);
        }
        sources.push_back(i);
        numbers.push_back(static_cast<std::uint32_t>(g.edges()) + i);
        starts.push_back(static_cast<std::uint32_t>(sources.size()));
    }
    return {detail::integers(starts), detail::integers(sources), detail::integers(numbers), {}};
}
VERDANT_DEFINED_ONCE(edge_rows looped_rows_of<>(const graph::csr_graph&));

} // namespace verdant::predictor
