#include <verdant/graph/graph_batch.hpp>

#include "catch.hpp"

#include <vector>

using verdant::graph::csr_graph;
using verdant::graph::edge;
using verdant::graph::featured_graph;
using verdant::graph::graph_batch;
using verdant::graph::node;

namespace graph_batch_test {

inline std::vector<node> list(std::span<const node> nodes) { return {nodes.begin(), nodes.end()}; }

} // namespace graph_batch_test

TEST_CASE("a graph groups its edges by target and keeps order, duplicates and loops", "[graph]") {
    using graph_batch_test::list;
    const std::vector<edge> edges{{2, 1}, {0, 1}, {1, 1}, {0, 2}, {2, 1}};
    const csr_graph g{4, edges};
    CHECK(g.nodes() == 4);
    CHECK(g.edges() == 5);
    CHECK(list(g.sources_of(0)).empty());
    CHECK(list(g.sources_of(1)) == std::vector<node>{2, 0, 1, 2});
    CHECK(list(g.sources_of(2)) == std::vector<node>{0});
    CHECK(list(g.row_starts()) == std::vector<node>{0, 0, 4, 5, 5});
    CHECK(list(g.sources()) == std::vector<node>{2, 0, 1, 2, 0});
    CHECK(list(g.edge_numbers()) == std::vector<node>{0, 1, 2, 4, 3});
    CHECK(edges_of(g) == edges);
    CHECK(csr_graph{}.nodes() == 0);
    CHECK(csr_graph{} == csr_graph{0, {}});
    CHECK(csr_graph{3, {}}.sources_of(2).empty());
}

TEST_CASE("an edge to no node is named", "[graph]") {
    const std::vector<edge> source{{0, 1}, {2, 0}}, target{{0, 7}};
    CHECK_THROWS_WITH((csr_graph{2, source}), "verdant: graph, edge 1, source: expected a node below 2, found 2");
    CHECK_THROWS_WITH((csr_graph{2, target}), "verdant: graph, edge 0, target: expected a node below 2, found 7");
}

TEST_CASE("a batch is the graphs beside each other, without an edge between them", "[graph]") {
    using graph_batch_test::list;
    const std::vector<edge> chain{{0, 1}, {1, 2}}, loop{{1, 0}, {0, 0}};
    const std::vector<featured_graph> graphs{{csr_graph{3, chain}, 2, {1, 2, 3, 4, 5, 6}}, {csr_graph{0, {}}, 2, {}}, {csr_graph{2, loop}, 2, {7, 8, 9, 10}}};
    const graph_batch batch{graphs};
    CHECK(batch.graphs() == 3);
    CHECK(batch.columns() == 2);
    CHECK(list(batch.first_nodes()) == std::vector<node>{0, 3, 3, 5});
    CHECK(edges_of(batch.edges()) == std::vector<edge>{{0, 1}, {1, 2}, {4, 3}, {3, 3}});
    CHECK(std::vector<float>(batch.features().begin(), batch.features().end()) == std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(graphs[0].row(1)[0] == 3);

    const graph_batch none{std::span<const featured_graph>{}};
    CHECK(none.graphs() == 0);
    CHECK(none.edges().nodes() == 0);
}

TEST_CASE("a batch refuses graphs that do not fit together", "[graph]") {
    const std::vector<featured_graph> columns{{csr_graph{1, {}}, 2, {1, 2}}, {csr_graph{1, {}}, 1, {1}}}, rows{{csr_graph{2, {}}, 2, {1, 2, 3}}};
    CHECK_THROWS_WITH(graph_batch{columns}, "verdant: batch of graphs, graph 1: expected 2 columns as in the first, found 1");
    CHECK_THROWS_WITH(graph_batch{rows}, "verdant: batch of graphs, graph 0: expected 2 rows of 2 features, found 3 numbers");
    CHECK_THROWS_WITH(require_whole_rows(rows[0]), "verdant: graph, features: expected 2 rows of 2 numbers, found 3 numbers");
}
