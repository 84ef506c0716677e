#include <verdant/graph/cycle.hpp>
#include <verdant/graph/line_graph.hpp>
#include <verdant/graph/onnx_features.hpp>
#include <verdant/graph/onnx_ir.hpp>
#include <verdant/graph/onnx_operators.hpp>

#include "catch.hpp"

#include <vector>

namespace graph = verdant::graph;

TEST_CASE("operators are known by name, whatever its case", "[graph]") {
    static_assert(graph::onnx_operator_index("Conv") == 3 && graph::onnx_operator_index("cOnV") == 3);
    static_assert(graph::onnx_operator_index("Einsum") == 0 && graph::onnx_operator_index("") == 0 && graph::onnx_operator_index("<oov>") == 0);
    CHECK(graph::onnx_operators.back() == "ReduceMean");
}

TEST_CASE("features of operators have the original's quirks", "[graph]") {
    graph::onnx_node n;
    n.operation = "Conv";
    n.inputs = {{"a", graph::onnx_shape{1, 256, 64, 32}}, {"w", std::nullopt}, {"third", graph::onnx_shape{1, 512, 1, 1}}};
    n.outputs = {{"b", graph::onnx_shape{1, 128}}, {"c", graph::onnx_shape{1, 256, 128, 128, 7}}};
    n.attributes = {{"kernel_shape", {3, 6}, {}, ""}, {"group", {32}, {}, ""}};
    // A matrix has one number, so what comes after it moves to the left; only two tensors count.
    const std::array<float, 22> expected{3, 1, 0.5F, 0.25F, 0, 0, 0, 0.5F, 1, 1, 1, 0, 0, 1, 2, 0, 0.25F, 0, 1, 1, 1, 0};
    CHECK(graph::onnx_features(n) == expected);
    n.attributes.push_back({"dilations", {2, 2}, {}, ""});
    n.initializers.emplace({graph::onnx_initializer{"w", {8, 8}}, graph::onnx_initializer{"x.bias", {8}}});
    const auto dilated = graph::onnx_features(n);
    CHECK(std::vector<float>(dilated.begin() + 18, dilated.end()) == std::vector<float>{2, 2, 0, 1});
    CHECK(graph::has_bias(n) == true);
    n.operation = "MaxPool";
    const auto pooled = graph::onnx_features(n);
    CHECK(std::vector<float>(pooled.begin() + 13, pooled.end()) == std::vector<float>(9));
    n.operation = "averagepool";
    const auto average = graph::onnx_features(n);
    CHECK(std::vector<float>(average.begin() + 13, average.end()) == std::vector<float>{1, 2, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("attributes and constants of operators", "[graph]") {
    graph::onnx_node n;
    CHECK_FALSE(graph::has_bias(n).has_value());
    CHECK(graph::initializer_shapes(n).empty());
    n.attributes = {{"pads", {1, 2}, {}, ""}, {"min", {}, {0.5}, ""}, {"axis", {-1}, {}, ""}};
    CHECK(graph::integers_of(n, "pads") == std::vector<std::int64_t>{1, 2});
    CHECK(graph::integers_of(n, "perm").empty());
    CHECK(graph::integer_of(n, "axis") == -1);
    CHECK_FALSE(graph::integer_of(n, "min").has_value());
    CHECK(graph::number_of(n, "min") == 0.5);
    n.initializers.emplace({graph::onnx_initializer{"a", {4}}, graph::onnx_initializer{"b", {1, 2}}, graph::onnx_initializer{"c", {5}}});
    CHECK(graph::initializer_shapes(n) == std::vector<graph::onnx_shape>{{1, 2}, {4}, {5}});
    CHECK(graph::has_bias(n) == false);
}

TEST_CASE("a line graph has a node for each edge", "[graph]") {
    const std::vector<graph::edge> edges{{0, 1}, {1, 2}, {1, 0}};
    const auto line = graph::line_graph({graph::csr_graph{3, edges}, 1, {10, 11, 12}});
    CHECK(line.columns == 2);
    CHECK(line.features == std::vector<float>{10, 11, 11, 12, 11, 10});
    CHECK(edges_of(line.edges) == std::vector<graph::edge>{{0, 1}, {0, 2}, {2, 0}});
}

TEST_CASE("cycles are found", "[graph]") {
    using nodes = std::vector<graph::node>;
    const auto cycle = [](std::size_t count, const std::vector<graph::edge>& edges) { return find_cycle(graph::csr_graph{count, edges}); };
    CHECK(cycle(0, {}).empty());
    CHECK(cycle(4, {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {0, 3}}).empty());
    CHECK(cycle(2, {{1, 1}}) == nodes{1});
    const auto three = cycle(5, {{0, 1}, {1, 2}, {2, 3}, {3, 1}, {3, 4}});
    REQUIRE(three.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(three[(i + 1) % 3] == three[i] % 3 + 1); // along the edges
    std::vector<graph::edge> chain; // deep, but no deep recursion
    for (graph::node n = 0; n < 200'000; ++n) chain.push_back({n, n + 1});
    CHECK(cycle(200'001, chain).empty());
}
