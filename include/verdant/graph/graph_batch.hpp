#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace verdant::graph {

/// Several graphs as one, whose parts share no edge: what a predictor takes in one call. The nodes of a graph keep their order and follow those of
/// the graph before it.
class graph_batch {
public:
    /// @throws input_error that names the graph, where numbers of columns differ or features are not one row for each node
    explicit graph_batch(std::span<const featured_graph> graphs) {
        std::size_t nodes = 0, edges = 0;
        if (!graphs.empty()) columns_ = graphs.front().columns;
        first_nodes_.reserve(graphs.size() + 1);
        for (std::size_t g = 0; g < graphs.size(); ++g) {
            const auto& one = graphs[g];
            if (one.columns != columns_)
                throw input_error{"batch of graphs", "graph " + std::to_string(g), std::to_string(columns_) + " columns as in the first",
                                  std::to_string(one.columns)};
            if (one.features.size() != one.nodes() * columns_)
                throw input_error{"batch of graphs", "graph " + std::to_string(g),
                                  std::to_string(one.nodes()) + " rows of " + std::to_string(columns_) + " features",
                                  std::to_string(one.features.size()) + " numbers"};
            nodes += one.nodes();
            edges += one.edges.edges();
            first_nodes_.push_back(static_cast<std::uint32_t>(nodes));
        }
        std::vector<edge> all;
        all.reserve(edges);
        features_.reserve(nodes * columns_);
        for (std::size_t g = 0; g < graphs.size(); ++g) {
            const node first = first_nodes_[g];
            const auto at = all.size();
            all.resize(at + graphs[g].edges.edges());
            const auto& rows = graphs[g].edges;
            for (node target = 0; target < rows.nodes(); ++target)
                for (auto i = rows.row_starts()[target]; i < rows.row_starts()[target + 1]; ++i)
                    all[at + rows.edge_numbers()[i]] = {first + rows.sources()[i], first + target};
            features_.insert(features_.end(), graphs[g].features.begin(), graphs[g].features.end());
        }
        edges_ = csr_graph{nodes, all};
    }

    /// Number of graphs.
    [[nodiscard]] std::size_t graphs() const noexcept { return first_nodes_.size() - 1; }
    /// All graphs as one. Its list of edges is that of the first graph, then that of the second, and so on.
    [[nodiscard]] const csr_graph& edges() const noexcept { return edges_; }
    /// [nodes, columns], row by row.
    [[nodiscard]] std::span<const float> features() const noexcept { return features_; }
    /// Features of a node; 0 where there are no graphs.
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
    /// Where the nodes of each graph begin; at the end the number of all nodes.
    [[nodiscard]] std::span<const std::uint32_t> first_nodes() const noexcept { return first_nodes_; }

private:
    csr_graph edges_;
    std::vector<float> features_;
    std::size_t columns_ = 0;
    std::vector<std::uint32_t> first_nodes_ = {0};
};

} // namespace verdant::graph
