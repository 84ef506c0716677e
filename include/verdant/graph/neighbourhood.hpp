#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// What a node has seen after some hops of messages, and the parts of graphs (AutoBuild: ge_utils/subgraph_extraction.py).
namespace verdant::graph {

/// The nodes from which a path of at most `hops` edges leads to a node, itself among them, in ascending order.
/// @throws input_error if there is no such node
[[nodiscard]] inline std::vector<node> in_neighbourhood(const csr_graph& graph, node of, std::size_t hops) {
    if (of >= graph.nodes()) throw input_error{"neighbourhood", "node", "a node below " + std::to_string(graph.nodes()), std::to_string(of)};
    std::vector<bool> seen(graph.nodes());
    std::vector<node> found{of};
    seen[of] = true;
    for (std::size_t begin = 0; hops > 0 && begin < found.size(); --hops) {
        const auto end = found.size();
        for (; begin < end; ++begin)
            for (const node source : graph.sources_of(found[begin]))
                if (!seen[source]) {
                    seen[source] = true;
                    found.push_back(source);
                }
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// A node and its neighbourhood.
struct neighbourhood {
    node of = 0;
    std::vector<node> nodes; ///< ascending

    friend bool operator==(const neighbourhood&, const neighbourhood&) = default;
};

/// The neighbourhoods of some nodes, in their order; see `node_selection.hpp` for which.
[[nodiscard]] inline std::vector<neighbourhood> neighbourhoods(const csr_graph& graph, std::span<const node> of, std::size_t hops) {
    std::vector<neighbourhood> all;
    all.reserve(of.size());
    for (const node n : of) all.push_back({n, in_neighbourhood(graph, n, hops)});
    return all;
}

/// The part of a graph that some nodes make up, with the edges between them; nodes get the numbers of their places in the list.
/// @throws input_error if there is no such node, or where one is given twice
[[nodiscard]] inline featured_graph induced_subgraph(const featured_graph& graph, std::span<const node> nodes) {
    require_whole_rows(graph);
    constexpr auto none = std::numeric_limits<node>::max();
    std::vector<node> place(graph.nodes(), none);
    featured_graph part{.edges = {}, .columns = graph.columns, .features = {}};
    part.features.reserve(nodes.size() * graph.columns);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i] >= graph.nodes())
            throw input_error{"part of a graph", "node " + std::to_string(i), "a node below " + std::to_string(graph.nodes()), std::to_string(nodes[i])};
        if (place[nodes[i]] != none) throw input_error{"part of a graph", "node " + std::to_string(i), "each node once", std::to_string(nodes[i]) + " twice"};
        place[nodes[i]] = static_cast<node>(i);
        const auto row = graph.row(nodes[i]);
        part.features.insert(part.features.end(), row.begin(), row.end());
    }
    std::vector<edge> edges;
    for (const auto& e : edges_of(graph.edges))
        if (place[e.source] != none && place[e.target] != none) edges.push_back({place[e.source], place[e.target]});
    part.edges = csr_graph{nodes.size(), edges};
    return part;
}

} // namespace verdant::graph
