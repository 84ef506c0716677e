#pragma once

#include <verdant/graph/csr_graph.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace verdant::graph {

/// The nodes of a cycle in the order of its edges, or none where the graph has no cycle.
[[nodiscard]] inline std::vector<node> find_cycle(const csr_graph& graph) {
    enum class state : std::uint8_t { unseen, open, done };
    std::vector<state> states(graph.nodes(), state::unseen);
    std::vector<std::pair<node, std::size_t>> path; // against the edges: a node, and how many of its sources have been looked at
    for (std::size_t first = 0; first < graph.nodes(); ++first) {
        if (states[first] != state::unseen) continue;
        path.emplace_back(static_cast<node>(first), 0);
        states[first] = state::open;
        while (!path.empty()) {
            const auto sources = graph.sources_of(path.back().first);
            if (path.back().second == sources.size()) {
                states[path.back().first] = state::done;
                path.pop_back();
                continue;
            }
            const node next = sources[path.back().second++];
            if (states[next] == state::open) {
                std::vector<node> cycle;
                for (auto at = path.rbegin();; ++at) {
                    cycle.push_back(at->first);
                    if (at->first == next) break;
                }
                return cycle;
            }
            if (states[next] == state::unseen) {
                states[next] = state::open;
                path.emplace_back(next, 0);
            }
        }
    }
    return {};
}

} // namespace verdant::graph
