#include <verdant/io/document/graph_json.hpp>
#include <verdant/io/document/onnx_ir_json.hpp>

#include "catch.hpp"

#include <cmath>

#include <limits>
#include <string>
#include <vector>

namespace io = verdant::io;
namespace graph = verdant::graph;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace graph_json_test {

const std::string columns = R"("columns": [{"name": "kernel", "categories": 3}, {"name": "width"}])";

inline std::string with(const std::string& nodes, const std::string& edges) {
    return "{" + columns + ", \"nodes\": " + nodes + ", \"edges\": " + edges + "}";
}

} // namespace graph_json_test

TEST_CASE("graphs are written and read", "[io]") {
    using namespace graph_json_test;
    const auto g = io::parse_graph_json(with("[[0, 1.5], [2, -0.1]]", "[[0, 1], [1, 0], [0, 1]]"), "a.json");
    CHECK(g.columns == std::vector<graph::node_column>{{"kernel", 3}, {"width", 0}});
    CHECK(g.graph.features == std::vector<float>{0, 1.5F, 2, -0.1F});
    CHECK(edges_of(g.graph.edges) == std::vector<graph::edge>{{0, 1}, {1, 0}, {0, 1}});
    const auto text = io::graph_json_text(g);
    CHECK_THAT(text, StartsWith(R"({"columns":[{"name":"kernel","categories":3},{"name":"width"}],"nodes":[[0,1.5],[2,)"));
    const auto again = io::parse_graph_json(text, "b.json");
    CHECK(again.columns == g.columns);
    CHECK(again.graph == g.graph);
    const auto none = io::parse_graph_json(R"({"columns": [], "nodes": [], "edges": []})", "c");
    CHECK(none.graph.nodes() == 0);
    CHECK(io::graph_json_text(none) == "{\"columns\":[],\"nodes\":[],\"edges\":[]}\n");
}

TEST_CASE("what is no graph is refused with its place", "[io]") {
    using namespace graph_json_test;
    const auto read = [](const std::string& text) { return io::parse_graph_json(text, "a.json"); };
    CHECK_THROWS_WITH(read("{"), StartsWith("verdant: a.json, line 1, column 2: expected JSON"));
    CHECK_THROWS_WITH(read("[]"), "verdant: a.json: expected an object with columns, nodes and edges, found array");
    CHECK_THROWS_WITH(read(R"({"nodes": []})"), "verdant: a.json: expected a member 'columns', found none");
    CHECK_THROWS_WITH(read(R"({"columns": [], "nodes": [], "edge": []})"), Contains("did you mean 'edges'?"));
    CHECK_THROWS_WITH(read(R"({"columns": [{"name": "a"}, {"name": "a"}], "nodes": [], "edges": []})"),
                      "verdant: a.json, columns[1]: expected different names of columns, found 'a' twice");
    CHECK_THROWS_WITH(read(R"({"columns": [{"name": "a", "categories": -1}], "nodes": [], "edges": []})"),
                      StartsWith("verdant: a.json, columns[0].categories: expected a whole number"));
    CHECK_THROWS_WITH(read(with("[[0, 1], [3, 1]]", "[]")),
                      "verdant: a.json, nodes[1], column 'kernel': expected one of 3 categories, a whole number from 0, found 3");
    CHECK_THROWS_WITH(read(with("[[0.5, 1]]", "[]")), StartsWith("verdant: a.json, nodes[0], column 'kernel': expected one of 3 categories"));
    CHECK_THROWS_WITH(read(with("[[0, 1e39]]", "[]")),
                      "verdant: a.json, nodes[0], column 'width': expected a number of single precision, found 1e+39");
    CHECK_THROWS_WITH(read(with("[[0, \"x\"]]", "[]")), "verdant: a.json, nodes[0], column 'width': expected a number, found string");
    CHECK_THROWS_WITH(read(with("[[0]]", "[]")), "verdant: a.json, nodes[0]: expected a list of 2 numbers, found 1 values");
    CHECK_THROWS_WITH(read(with("[[0, 1]]", "[[0, 1]]")), "verdant: a.json, edges[0][1]: expected a whole number below 1, found 1");
    CHECK_THROWS_WITH(read(with("[[0, 1]]", "[[0]]")), "verdant: a.json, edges[0]: expected a source and a target, found array");
}

TEST_CASE("columns may be asked for, and cycles refused", "[io]") {
    using namespace graph_json_test;
    const auto text = with("[[0, 1], [1, 1], [2, 1]]", "[[0, 1], [1, 2], [2, 1]]");
    CHECK_THROWS_WITH(io::parse_graph_json(text, "a.json", {.columns = {}, .acyclic = true}),
                      Contains("verdant: a.json, edges: expected no cycle, found"));
    const std::vector<graph::node_column> same{{"kernel", 3}, {"width", 0}}, other{{"kernel", 4}, {"width", 0}},
        more{{"kernel", 3}, {"width", 0}, {"x", 0}};
    CHECK(io::parse_graph_json(text, "a.json", {.columns = same}).graph.nodes() == 3);
    CHECK_THROWS_WITH(io::parse_graph_json(text, "a.json", {.columns = other}),
                      "verdant: a.json, columns[0]: expected the column 'kernel' of 4 categories, found 'kernel' of 3 categories");
    CHECK_THROWS_WITH(io::parse_graph_json(text, "a.json", {.columns = more}),
                      "verdant: a.json, columns[2]: expected the column 'x' of numbers, found none");
    CHECK_THROWS_WITH(io::graph_json_text({{{"a", 0}}, {graph::csr_graph{1, {}}, 1, {std::numeric_limits<float>::infinity()}}}),
                      "verdant: graph, features of node 0: expected finite numbers, found inf");
    CHECK_THROWS_WITH(io::graph_json_text({{}, {graph::csr_graph{1, {}}, 1, {1}}}), "verdant: graph, columns: expected 1 names, found 0");
}

TEST_CASE("networks of operators are read", "[io]") {
    const auto network = io::parse_onnx_ir(R"({"nodes": [
        {"id": "a", "op_type": "Conv", "inputs": [{"name": "i", "type": {"tensorType": {"shape": {"dim": [{"dimValue": "1"}, {"dimParam": "c"}, {"dimValue": 8}]}}}}],
         "outputs": [{"name": "o", "type": {"tensorType": {"shape": {}}}}, {"name": "p"}],
         "attribute": {"kernel_shape": {"ints": ["3", 5]}, "alpha": {"f": 0.5}, "mode": {"s": "same"}}, "initializer": {"a.bias": {"dims": ["4"]}}},
        {"str_id": "b", "op_type": "Relu", "attribute": null, "initializer": null}],
        "src2dst": {"a": ["b", "b"], "b": []}, "other": 1})",
                                           "n.json");
    REQUIRE(network.nodes.size() == 2);
    const auto& a = network.nodes[0];
    CHECK(a.inputs[0].shape == graph::onnx_shape{1, 0, 8});
    CHECK(a.outputs[0].shape == graph::onnx_shape{0});
    CHECK_FALSE(a.outputs[1].shape.has_value());
    CHECK(graph::integers_of(a, "kernel_shape") == std::vector<std::int64_t>{3, 5});
    CHECK(graph::number_of(a, "alpha") == 0.5);
    CHECK(graph::attribute_of(a, "mode")->text == "same");
    CHECK(graph::has_bias(a) == true);
    CHECK(network.nodes[1].name == "b");
    CHECK(network.edges == std::vector<graph::edge>{{0, 1}, {0, 1}});
}

TEST_CASE("numbers of operators are those of protocol buffers in JSON, texts among them", "[io]") {
    const auto read = [](const std::string& f) {
        const auto n = io::parse_onnx_ir(
            R"({"nodes": [{"id": "a", "op_type": "Clip", "attribute": {"max": {"floats": [)" + f + R"(]}}}], "src2dst": {}})", "n.json");
        return graph::attribute_of(n.nodes[0], "max")->numbers;
    };
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    CHECK(read(R"("Infinity", "-Infinity", 6, "1.5e1")") == std::vector<double>{infinity, -infinity, 6, 15});
    CHECK(std::isnan(read(R"("NaN")").at(0)));
    for (const auto* wrong : {R"("inf")", R"("nan")", R"("infinity")", R"("1.5x")", R"("")", R"(" 1")", "null", "true"})
        CHECK_THROWS_WITH(read(wrong), Contains("n.json, nodes[0], attribute: expected a number, or one as a text, found "));
    CHECK_THROWS_WITH(read("Infinity"), Contains("n.json, line 1, column ") && Contains("expected JSON"));
}

TEST_CASE("networks that are none are refused with their place", "[io]") {
    const auto read = [](const std::string& nodes, const std::string& edges) {
        return io::parse_onnx_ir("{\"nodes\": " + nodes + ", \"src2dst\": " + edges + "}", "n.json");
    };
    const std::string two = R"([{"id": "a", "op_type": "Relu"}, {"id": "b", "op_type": "Relu"}])";
    CHECK_THROWS_WITH(read(two, R"({"a": ["b"], "b": ["a"]})"), Contains("verdant: n.json, src2dst: expected no cycle, found one through"));
    CHECK_THROWS_WITH(read(two, R"({"a": ["c"]})"), "verdant: n.json, src2dst: expected the id of a node, found 'c'");
    CHECK_THROWS_WITH(read(two, R"({"a": "b"})"), "verdant: n.json, src2dst.a: expected a list of ids, found string");
    CHECK_THROWS_WITH(read(R"([{"id": "a", "op_type": "Relu"}, {"id": "a", "op_type": "Relu"}])", "{}"),
                      "verdant: n.json, nodes[1]: expected ids that differ, found 'a' twice");
    CHECK_THROWS_WITH(read(R"([{"id": "a"}])", "{}"), "verdant: n.json, nodes[0], op_type: expected a text, found none");
    CHECK_THROWS_WITH(read(R"([{"id": "a", "op_type": "Relu", "attribute": [{"name": "k", "ints": ["x"]}]}])", "{}"),
                      "verdant: n.json, nodes[0], attribute: expected a whole number, found 'x'");
    CHECK_THROWS_WITH(read(R"([{"id": "a", "op_type": "Relu", "inputs": [{"type": []}]}])", "{}"),
                      "verdant: n.json, nodes[0], inputs: expected type to be an object, found array");
    CHECK_THROWS_WITH(io::parse_onnx_ir("{}", "n.json"), "verdant: n.json: expected an object with nodes and src2dst, found none of nodes");
    CHECK_THROWS_WITH(io::parse_onnx_ir("7", "n.json"), StartsWith("verdant: n.json: expected an object with nodes and src2dst"));
}
