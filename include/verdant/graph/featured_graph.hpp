#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace verdant::graph {

/// A graph and a row of numbers for each of its nodes.
struct featured_graph {
    csr_graph edges;
    std::size_t columns = 0;     ///< features of a node
    std::vector<float> features; ///< [nodes, columns], row by row

    [[nodiscard]] std::size_t nodes() const noexcept { return edges.nodes(); }
    /// The features of a node.
    [[nodiscard]] std::span<const float> row(node n) const noexcept { return std::span{features}.subspan(n * columns, columns); }

    friend bool operator==(const featured_graph&, const featured_graph&) = default;
};

/// Refuses a graph whose features are not one row for each node.
/// @throws input_error
inline void require_whole_rows(const featured_graph& graph) {
    if (graph.features.size() == graph.nodes() * graph.columns) return;
    throw input_error{"graph", "features", std::to_string(graph.nodes()) + " rows of " + std::to_string(graph.columns) + " numbers",
                      std::to_string(graph.features.size()) + " numbers"};
}

} // namespace verdant::graph
