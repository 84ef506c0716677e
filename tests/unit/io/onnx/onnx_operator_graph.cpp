// Models of ONNX as graphs of operators with features.

#include <verdant/graph/onnx_features.hpp>
#include <verdant/io/onnx/onnx_builder.hpp>
#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/io/onnx/onnx_operator_graph.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include "catch.hpp"

#include <onnx/onnx_pb.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace io = verdant::io;
namespace graph = verdant::graph;

TEST_CASE("a model is a graph of operators between its ends", "[io]") {
    io::onnx_builder b{"small"};
    const auto x = b.input("x", {3, 8, 8});
    const auto w = b.weight("conv.weight", io::tensor_data::of({2, 3, 3, 3}, std::vector<double>(54, 0.5)));
    const auto bias = b.weight("conv.bias", io::tensor_data::of({2}, std::vector<double>(2, 0.5)));
    const auto y = b.node("Conv", "conv", {x, w, bias},
                          {{"kernel_shape", std::vector<std::int64_t>{3, 3}},
                           {"strides", std::vector<std::int64_t>{2, 2}},
                           {"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
    const auto r = b.node("Relu", "relu", {y});
    b.output(b.node("Add", "sum", {r, y}), {2, 4, 4});
    std::string bytes;
    REQUIRE(std::move(b).finish().SerializeToString(&bytes));
    const auto network = io::onnx_operator_graph(io::parse_onnx(bytes, "small.onnx"));

    std::vector<std::string> operations;
    for (const auto& n : network.nodes) operations.push_back(n.operation);
    CHECK(operations == std::vector<std::string>{"input_dummy", "Conv", "Relu", "Add", "output_dummy"});
    CHECK(network.edges == std::vector<graph::edge>{{0, 1}, {1, 2}, {1, 3}, {2, 3}, {3, 4}});
    const auto& conv = network.nodes[1];
    CHECK(conv.inputs.size() == 1); // weights are none
    CHECK(conv.outputs[0].shape == graph::onnx_shape{1, 2, 4, 4});
    CHECK(graph::has_bias(conv) == true);
    CHECK(graph::initializer_shapes(conv) == std::vector<graph::onnx_shape>{{2, 3, 3, 3}, {2}});
    CHECK(graph::integers_of(conv, "strides") == std::vector<std::int64_t>{2, 2});

    const auto features = graph::onnx_featured_graph(network);
    CHECK(features.nodes() == 5);
    const auto row = features.row(1);
    CHECK(row[0] == 3);
    CHECK(row[1] == 3.0F / 256);
    CHECK(row[8] == 4.0F / 128);
    CHECK(std::vector<float>(row.begin() + 13, row.end()) == std::vector<float>{1, 1, 0, 0.5F, 0, 1, 1, 1, 1});
}

TEST_CASE("convolutions without kernel_shape, sparse weights and operators of other domains", "[io]") {
    onnx::ModelProto model;
    auto& g = *model.mutable_graph();
    const auto describe = [](onnx::ValueInfoProto& info, const char* name) {
        info.set_name(name);
        for (const int length : {1, 3, 8, 8}) info.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(length);
    };
    describe(*g.add_input(), "x");
    describe(*g.add_output(), "z");
    auto& weight = *g.add_initializer();
    weight.set_name("w");
    auto& sparse = *g.add_sparse_initializer();
    sparse.mutable_values()->set_name("s");
    for (const int length : {2, 3, 5, 7}) weight.add_dims(length), sparse.add_dims(length);
    const auto add = [&g](const char* domain, const char* type, const char* in, const char* with, const char* out) {
        auto& n = *g.add_node();
        n.set_domain(domain);
        n.set_op_type(type);
        n.add_input(in);
        n.add_input(with);
        n.add_output(out);
    };
    add("", "Conv", "x", "w", "a");
    add("ai.onnx", "Conv", "a", "s", "b");
    add("com.example", "Conv", "b", "w", "z");
    const auto network = io::onnx_operator_graph(model);
    REQUIRE(network.nodes.size() == 5);
    for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
        const auto row = graph::onnx_features(network.nodes[i]);
        CHECK((row[0] == 3 && row[13] == 5.0F / 3 && row[14] == 7.0F / 3));
        CHECK(network.nodes[i].inputs.size() == 1);
        CHECK(graph::initializer_shapes(network.nodes[i]) == std::vector<graph::onnx_shape>{{2, 3, 5, 7}});
    }
    CHECK(network.nodes[3].operation == "com.example.Conv");
    CHECK(graph::onnx_features(network.nodes[3])[0] == 0);
}
