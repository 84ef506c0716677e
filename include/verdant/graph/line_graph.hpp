#pragma once

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>

#include <cstddef>
#include <vector>

namespace verdant::graph {

/// The graph whose nodes are the edges of another, in the order of their list; an edge leads from each to those that begin where it ends. A node has
/// the features of the source of its edge, then those of the target (AutoBuild: get_edge_as_node_features).
/// @throws input_error where features are not one row for each node
[[nodiscard]] inline featured_graph line_graph(const featured_graph& graph) {
    require_whole_rows(graph);
    const auto edges = edges_of(graph.edges);
    featured_graph out{.edges = {}, .columns = 2 * graph.columns, .features = {}};
    out.features.reserve(edges.size() * out.columns);
    std::vector<std::vector<node>> leaving(graph.nodes());
    for (std::size_t e = 0; e < edges.size(); ++e) {
        leaving[edges[e].source].push_back(static_cast<node>(e));
        for (const node end : {edges[e].source, edges[e].target}) {
            const auto row = graph.row(end);
            out.features.insert(out.features.end(), row.begin(), row.end());
        }
    }
    std::vector<edge> between;
    for (std::size_t e = 0; e < edges.size(); ++e)
        for (const node next : leaving[edges[e].target]) between.push_back({static_cast<node>(e), next});
    out.edges = csr_graph{edges.size(), between};
    return out;
}

} // namespace verdant::graph
