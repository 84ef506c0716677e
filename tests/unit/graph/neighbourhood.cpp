#include <verdant/graph/dot.hpp>
#include <verdant/graph/feature_hash.hpp>
#include <verdant/graph/neighbourhood.hpp>
#include <verdant/graph/node_selection.hpp>

#include "catch.hpp"

#include <limits>
#include <string>
#include <vector>

namespace graph = verdant::graph;
using graph::node;
using nodes = std::vector<node>;

TEST_CASE("a neighbourhood is what leads to a node", "[graph]") {
    const std::vector<graph::edge> edges{{0, 1}, {1, 2}, {2, 0}, {3, 2}, {2, 2}};
    const graph::csr_graph g{5, edges};
    CHECK(in_neighbourhood(g, 2, 0) == nodes{2});
    CHECK(in_neighbourhood(g, 2, 1) == nodes{1, 2, 3});
    CHECK(in_neighbourhood(g, 2, 1000) == nodes{0, 1, 2, 3});
    CHECK(in_neighbourhood(g, 4, 3) == nodes{4});
    CHECK_THROWS_WITH(in_neighbourhood(g, 5, 1), "verdant: neighbourhood, node: expected a node below 5, found 5");
    CHECK(neighbourhoods(g, nodes{3, 1}, 1) == std::vector<graph::neighbourhood>{{3, {3}}, {1, {0, 1}}});
}

TEST_CASE("a part of a graph has the edges between its nodes", "[graph]") {
    const std::vector<graph::edge> edges{{0, 1}, {1, 2}, {2, 0}, {2, 1}};
    const graph::featured_graph g{graph::csr_graph{3, edges}, 1, {10, 11, 12}};
    const auto part = induced_subgraph(g, nodes{2, 1});
    CHECK(part.features == std::vector<float>{12, 11});
    CHECK(edges_of(part.edges) == std::vector<graph::edge>{{1, 0}, {0, 1}});
    CHECK_THROWS_WITH(induced_subgraph(g, nodes{3}), "verdant: part of a graph, node 0: expected a node below 3, found 3");
    CHECK_THROWS_WITH(induced_subgraph(g, nodes{1, 1}), "verdant: part of a graph, node 1: expected each node once, found 1 twice");
}

TEST_CASE("nodes are selected by their scores", "[graph]") {
    const std::vector<double> scores{0.25, 1, 0.5, 1, 0};
    CHECK(graph::best_nodes(scores, 3) == nodes{1, 3, 2}); // equal ones keep their order
    CHECK(graph::best_nodes(scores, 9) == nodes{1, 3, 2, 0, 4});
    CHECK(graph::nodes_above_quantile(scores, 0.5) == nodes{1, 3, 2});
    CHECK(graph::nodes_above_quantile(scores, 1) == nodes{1, 3});
    CHECK(graph::nodes_above_quantile(scores, 0.6) == nodes{1, 3}); // 0.7 between 0.5 and 1
    CHECK(graph::nodes_above_mean(scores, 0) == nodes{1, 3});
    CHECK(graph::nodes_above_mean(std::vector<double>{2, 2}, 0) == nodes{0, 1});
    CHECK(graph::all_nodes(2) == nodes{0, 1});
    CHECK_THROWS_WITH(graph::best_nodes(scores, 0), "verdant: selection of nodes, count: expected at least 1, found 0");
    CHECK_THROWS_WITH(graph::best_nodes({}, 1), "verdant: selection of nodes, scores: expected at least one, found none");
    CHECK_THROWS(graph::nodes_above_quantile(scores, 1.5));
    CHECK_THROWS(graph::nodes_above_mean(scores, std::numeric_limits<double>::infinity()));
    CHECK_THROWS_WITH(graph::best_nodes(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}, 1),
                      "verdant: selection of nodes, score 1: expected a finite number, found nan");
}

TEST_CASE("hashes are of Python's text", "[graph]") {
    CHECK(graph::feature_hash(std::vector<float>{0, 1, 2.5F}) == verdant::sha512_hex("0.01.02.5"));
    CHECK(graph::feature_hash({}) == verdant::sha512_hex(""));
    CHECK(graph::feature_hash(std::vector<float>{0.1F}) == verdant::sha512_hex("0.10000000149011612"));
}

TEST_CASE("pictures of graphs", "[graph]") {
    const std::vector<graph::edge> edges{{0, 1}, {0, 1}};
    const std::vector<std::string> labels{"a\"b\\c", "d\ne"}, colours{"brown2", "#006262"};
    const auto text = dot_text(graph::csr_graph{2, edges}, labels, colours);
    CHECK(text == "digraph {\n\tgraph [size=\"18.0,18.0\"]\n\tnode [align=left fontsize=14 height=0.2 ranksep=0.1 shape=box style=filled]\n"
                  "\t0 [label=\"a\\\"b\\\\c\" fillcolor=\"brown2\" fontcolor=white]\n\t0 -> 1\n\t0 -> 1\n"
                  "\t1 [label=\"d\\ne\" fillcolor=\"#006262\" fontcolor=white]\n}\n");
    CHECK(graph::norm_colours(std::vector<double>{1, 3, 2}) == std::vector<std::string>{"#006262", "#ff6262", "#7f6262"});
    CHECK(graph::norm_colours(std::vector<double>{2, 2}) == std::vector<std::string>{"#006262", "#006262"});
    CHECK(graph::norm_colours({}).empty());
    CHECK_THROWS(graph::norm_colours(std::vector<double>{std::numeric_limits<double>::infinity()}));
    CHECK_THROWS_WITH(dot_text(graph::csr_graph{2, edges}, labels, std::vector<std::string>{"red"}),
                      "verdant: picture of a graph, colours: expected one for each of 2 nodes, found 1");
}
