#pragma once

// What every space that describes its architectures as graphs keeps.

#include "catch.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/cycle.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace laws {

/// @param chains how many chains a graph has, at most where it has other edges as well
template <verdant::search_space S>
void obeys_sequence_space_laws(std::size_t chains = 1) {
    static_assert(verdant::spaces::sequence_space<S>);
    const auto columns = verdant::spaces::columns_of<S>();
    std::vector<verdant::point<S>> points;
    for (std::size_t step = 0; step < 200; ++step) {
        verdant::point<S> p;
        for (std::size_t i = 0; i < p.size(); ++i)
            p[i] = static_cast<typename verdant::point<S>::index_type>((step * (2 * i + 3) + i * i) % verdant::view_of<S>.domain_size(i));
        p.canonicalise();
        points.push_back(p);
    }
    const auto graphs = verdant::spaces::graphs_of<S>(points);
    REQUIRE(graphs.size() == points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto& g = graphs[i];
        // Equal points have equal graphs, with a row of all columns for each node.
        REQUIRE(g == verdant::spaces::graph_of(points[i]));
        REQUIRE(g.columns == columns.size());
        REQUIRE_NOTHROW(verdant::graph::require_whole_rows(g));
        REQUIRE(g.nodes() >= chains);
        // Nodes stand in chains: an edge leads from each to the next but where a chain begins. Other edges lead forwards, and each is there once.
        const auto edges = edges_of(g.edges);
        if constexpr (verdant::spaces::detail::sequence_outline<S>.links() == 0) {
            REQUIRE(edges.size() == g.nodes() - chains);
            for (const auto& e : edges) REQUIRE(e.target == e.source + 1);
        } else {
            REQUIRE(edges.size() >= g.nodes() - chains);
            for (auto e = edges.begin(); e != edges.end(); ++e) {
                REQUIRE(e->target > e->source);
                REQUIRE(std::find(edges.begin(), e, *e) == e);
            }
        }
        REQUIRE(find_cycle(g.edges).empty());
        // Categories are in their ranges, numbers are finite.
        for (verdant::graph::node n = 0; n < g.nodes(); ++n)
            for (std::size_t c = 0; c < columns.size(); ++c) {
                const float x = g.row(n)[c];
                REQUIRE(std::isfinite(x));
                if (columns[c].categories > 0) REQUIRE((x >= 0 && x < static_cast<float>(columns[c].categories) && x == std::floor(x)));
            }
    }
}

} // namespace laws
