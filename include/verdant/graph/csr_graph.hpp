#pragma once

#include <verdant/error.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// Directed graphs at run time, in compressed rows.
namespace verdant::graph {

/// The number of a node, from 0.
using node = std::uint32_t;

/// A directed edge.
struct edge {
    node source = 0, target = 0;

    friend constexpr bool operator==(const edge&, const edge&) = default;
};

/// A directed graph whose edges are grouped by their targets, so that a node finds all that point at it in one run of memory. Edges that are given
/// twice stay twice, and edges from a node to itself stay.
class csr_graph {
public:
    csr_graph() = default;
    /// Takes time and memory in proportion to nodes and edges.
    /// @param edges in any order; those of one target keep theirs
    /// @throws input_error that names the edge, where an end is no node
    csr_graph(std::size_t nodes, std::span<const edge> edges) {
        constexpr std::size_t most = std::numeric_limits<node>::max();
        if (nodes >= most) throw input_error{"graph", "nodes", "fewer than " + std::to_string(most), std::to_string(nodes)};
        if (edges.size() >= most) throw input_error{"graph", "edges", "fewer than " + std::to_string(most), std::to_string(edges.size())};
        row_starts_.assign(nodes + 1, 0);
        for (std::size_t i = 0; i < edges.size(); ++i) {
            if (edges[i].source >= nodes) refuse(i, "source", nodes, edges[i].source);
            if (edges[i].target >= nodes) refuse(i, "target", nodes, edges[i].target);
            ++row_starts_[edges[i].target + 1];
        }
        for (std::size_t n = 0; n < nodes; ++n) row_starts_[n + 1] += row_starts_[n];
        sources_.resize(edges.size());
        edge_numbers_.resize(edges.size());
        auto next = row_starts_;
        for (std::size_t i = 0; i < edges.size(); ++i) {
            const auto at = next[edges[i].target]++;
            sources_[at] = edges[i].source;
            edge_numbers_[at] = static_cast<std::uint32_t>(i);
        }
    }

    [[nodiscard]] std::size_t nodes() const noexcept { return row_starts_.empty() ? 0 : row_starts_.size() - 1; }
    [[nodiscard]] std::size_t edges() const noexcept { return sources_.size(); }
    /// The sources of the edges that point at a node, in the order in which they were given.
    [[nodiscard]] std::span<const node> sources_of(node target) const noexcept {
        return sources().subspan(row_starts_[target], row_starts_[target + 1] - row_starts_[target]);
    }
    /// Where the edges of each target begin in `sources` and `edge_numbers`: `nodes() + 1` numbers.
    [[nodiscard]] std::span<const std::uint32_t> row_starts() const noexcept { return row_starts_; }
    /// The sources of all edges, grouped by target.
    [[nodiscard]] std::span<const node> sources() const noexcept { return sources_; }
    /// The place of each of these edges in the list that the graph was made of, where the features of edges stand.
    [[nodiscard]] std::span<const std::uint32_t> edge_numbers() const noexcept { return edge_numbers_; }

    friend bool operator==(const csr_graph&, const csr_graph&) = default;

private:
    [[noreturn]] static void refuse(std::size_t edge, const char* end, std::size_t nodes, node found) {
        throw input_error{"graph", "edge " + std::to_string(edge) + ", " + end, "a node below " + std::to_string(nodes), std::to_string(found)};
    }

    std::vector<std::uint32_t> row_starts_ = {0};
    std::vector<node> sources_;
    std::vector<std::uint32_t> edge_numbers_;
};

/// The edges of a graph in the order of the list that it was made of.
[[nodiscard]] inline std::vector<edge> edges_of(const csr_graph& graph) {
    std::vector<edge> edges(graph.edges());
    for (std::size_t target = 0; target < graph.nodes(); ++target)
        for (auto i = graph.row_starts()[target]; i < graph.row_starts()[target + 1]; ++i)
            edges[graph.edge_numbers()[i]] = {graph.sources()[i], static_cast<node>(target)};
    return edges;
}

} // namespace verdant::graph
