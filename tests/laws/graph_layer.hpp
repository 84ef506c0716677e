#pragma once

// What every model of the concept `graph_layer` keeps.

#include "catch.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace laws {

/// Rows that a layer gives, with tests of one row against another.
template <class Scalar>
std::vector<Scalar> rows_of(const std::vector<Scalar>& all, std::size_t first, std::size_t last, std::size_t columns) {
    return {all.begin() + static_cast<std::ptrdiff_t>(first * columns), all.begin() + static_cast<std::ptrdiff_t>(last * columns)};
}

template <verdant::surrogate::graph_layer L>
void obeys_graph_layer_laws(const L& layer) {
    using scalar = typename L::scalar_type;
    namespace graph = verdant::graph;
    namespace surrogate = verdant::surrogate;
    verdant::random_stream random{17};
    constexpr std::size_t nodes = 21;
    std::vector<graph::edge> edges;
    for (graph::node target = 0; target < nodes; ++target)
        for (std::size_t k = 0; k < target % 4; ++k) edges.push_back({static_cast<graph::node>(random() % nodes), target}); // with loops and repetitions
    std::vector<scalar> x(nodes * layer.inputs());
    for (auto& v : x) v = static_cast<scalar>(random.uniform(-1, 1));
    const graph::csr_graph g{nodes, edges};
    const auto out = layer.outputs();
    const auto y = surrogate::apply_layer(layer, g, std::span<const scalar>{x});
    REQUIRE(y.size() == nodes * out);
    REQUIRE(std::all_of(y.begin(), y.end(), [](scalar v) { return std::isfinite(v); }));

    // The same twice, and for a copy.
    REQUIRE(surrogate::apply_layer(L{layer}, g, std::span<const scalar>{x}) == y);

    // Two graphs side by side are as apart, bit for bit.
    auto twice = edges;
    for (const auto& e : edges) twice.push_back({e.source + static_cast<graph::node>(nodes), e.target + static_cast<graph::node>(nodes)});
    auto xx = x;
    xx.insert(xx.end(), x.begin(), x.end());
    const auto yy = surrogate::apply_layer(layer, graph::csr_graph{2 * nodes, twice}, std::span<const scalar>{xx});
    REQUIRE(rows_of(yy, 0, nodes, out) == y);
    REQUIRE(rows_of(yy, nodes, 2 * nodes, out) == y);

    // A node depends on itself and on the sources of its edges, and on no other node.
    for (graph::node changed = 0; changed < nodes; ++changed) {
        auto other = x;
        for (std::size_t c = 0; c < layer.inputs(); ++c) other[changed * layer.inputs() + c] += scalar(0.5);
        const auto moved = surrogate::apply_layer(layer, g, std::span<const scalar>{other});
        for (graph::node n = 0; n < nodes; ++n) {
            // Weights of some layers also count the edges of the source, which are the same here.
            const auto sources = g.sources_of(n);
            if (n == changed || std::find(sources.begin(), sources.end(), changed) != sources.end()) continue;
            REQUIRE(rows_of(moved, n, n + 1, out) == rows_of(y, n, n + 1, out));
        }
    }

    // Part of a graph, whose nodes hear of nothing before `origin`: a chain.
    std::vector<graph::edge> chain;
    for (graph::node n = 1; n < nodes; ++n) chain.push_back({n - 1, n});
    const graph::csr_graph line{nodes, chain};
    const auto whole = surrogate::apply_layer(layer, line, std::span<const scalar>{x});
    constexpr std::size_t origin = 4, first = 5, last = 19;
    const auto x_stride = surrogate::detail::padded_to(layer.inputs(), surrogate::detail::panel_width), y_stride = surrogate::detail::padded_to(out, surrogate::detail::panel_width);
    std::vector<scalar> padded(nodes * x_stride), part(nodes * y_stride);
    for (std::size_t r = origin; r < last; ++r) std::copy_n(x.data() + r * layer.inputs(), layer.inputs(), padded.data() + (r - origin) * x_stride);
    for (const auto instructions : {surrogate::vector_instructions::baseline, surrogate::chosen_instructions()}) {
        surrogate::layer_room<scalar> room;
        room.instructions = instructions;
        layer.apply({line, origin, first, last, {padded.data(), x_stride}, {part.data(), y_stride}}, room);
        for (std::size_t r = first; r < last; ++r)
            for (std::size_t c = 0; c < out; ++c)
                REQUIRE(part[(r - first) * y_stride + c] == Approx(whole[r * out + c]).epsilon(1e-4).margin(1e-5)); // other instructions, other last bits
    }

    // No nodes.
    REQUIRE(surrogate::apply_layer(layer, graph::csr_graph{}, std::span<const scalar>{}).empty());
}

} // namespace laws
