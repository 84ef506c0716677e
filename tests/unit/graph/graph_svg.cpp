#include <verdant/graph/dot.hpp>
#include <verdant/graph/graph_svg.hpp>

#include "../plot/xml.hpp"
#include "catch.hpp"

#include <string>
#include <vector>

namespace graph = verdant::graph;

namespace graph_svg_test {

inline std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

} // namespace graph_svg_test

TEST_CASE("a picture has a panel for each set of colours", "[graph]") {
    using graph_svg_test::count;
    const std::vector<graph::edge> edges{{0, 1}, {0, 2}, {1, 3}, {2, 3}};
    const std::vector<std::string> labels{"a<b", "b", "c", "d"};
    const std::vector<graph::graph_panel> panels{{"hop 0", graph::norm_colours(std::vector<double>{1, 2, 3, 4})}, {"hop 1", std::vector<std::string>(4, "brown")}};
    const auto svg = graph_svg(graph::csr_graph{4, edges}, labels, panels, "best & last");
    CHECK(xml::complaint(svg) == "");
    CHECK(count(svg, "<line") == 2 * edges.size());
    CHECK(count(svg, "stroke=\"black\"") == 8);
    CHECK(count(svg, "brown") == 4);
    CHECK(count(svg, "#ff6262") == 1);
    CHECK(count(svg, ">hop 1<") == 1);
    CHECK(count(svg, "a&lt;b") == 4); // words and what viewers show under the pointer
    CHECK(count(svg, "best &amp; last") == 2);
    // Nodes stand below those that lead to them.
    CHECK(graph::detail::rows_of(graph::csr_graph{4, edges}) == std::vector<std::size_t>{0, 1, 1, 2});
    const std::vector<graph::edge> skip{{1, 0}, {2, 1}, {2, 0}};
    CHECK(graph::detail::rows_of(graph::csr_graph{3, skip}) == std::vector<std::size_t>{2, 1, 0});
}

TEST_CASE("any graph is drawn", "[graph]") {
    const std::vector<graph::edge> round{{0, 1}, {1, 0}, {1, 1}};
    const std::vector<std::string> labels{"a", "b"};
    const std::vector<graph::graph_panel> one{{"", {"red", "blue"}}};
    CHECK(xml::complaint(graph_svg(graph::csr_graph{2, round}, labels, one)) == "");
    CHECK(xml::complaint(graph_svg(graph::csr_graph{}, {}, {})) == "");
    CHECK_THROWS_WITH(graph_svg(graph::csr_graph{2, round}, labels, std::vector<graph::graph_panel>{{"", {"red"}}}),
                      "verdant: picture of a graph, colours: expected one for each of 2 nodes, found 1");
    CHECK_THROWS_WITH(graph_svg(graph::csr_graph{1, {}}, {}, {}), "verdant: picture of a graph, labels: expected one for each of 1 nodes, found 0");
}
