#include "catch.hpp"
#include "unit/surrogate/graph/drawn_weights.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

using namespace verdant;
using namespace verdant::surrogate;

TEST_CASE("graph predictors are written and read back under AutoBuild's names") {
    const auto folder = std::filesystem::temp_directory_path() / "verdant_graph_predictor_file";
    std::filesystem::create_directories(folder);
    graph_predictor_options own;
    own.features = {category_feature("kernel", 4), number_feature("width", 2, 5)};
    own.layer = graph_layer_kind::sage_conv;
    own.width = 8;
    own.layers = 2;
    own.readout = graph_readout::max;
    own.activation = graph_activation::leaky_relu;
    own.residual = false;
    own.undirected = true;
    own.norm = 2;
    own.targets = {"acc", "latency_npu"};
    own.moment_units = 3;
    own.moment_hops = 7;
    graph_predictor_options operators;
    operators.features = onnx_ir_features();
    operators.moment_units = operators.moment_hops = 0;
    operators.width = 8;
    for (const auto& options : {graph_predictor_options{}, own, operators})
        for (const char* name : {"one_predictor.pt", "one_predictor.safetensors"}) {
            const auto w = drawn_weights(options, 3);
            const auto path = (folder / name).string();
            const nlohmann::ordered_json settings{{"seed", 3}, {"batch_size", 64}};
            if (path.ends_with(".pt")) {
                io::write_torch(path, w.tensors);
                write_graph_options(path, w.options, settings);
            } else write_graph_predictor(path, w, settings);
            const auto back = path.ends_with(".pt") ? read_graph_predictor(path, io::read_tensors(path)) : read_graph_predictor(path);
            CHECK(back.options == options);
            CHECK(back.tensors.size() == w.tensors.size());
            for (const auto& [tensor, value] : w.tensors) CHECK(back.tensors.at(tensor) == value);
            CHECK(io::read_json(graph_options_path(path))["train_config"]["seed"] == 3);
        }
    std::filesystem::remove_all(folder);
}

TEST_CASE("options of graph predictors are read member by member, and unknown ones refused") {
    using Catch::Matchers::Message;
    const auto options = [](const char* text) { return graph_options_from(nlohmann::json::parse(text), "config.json"); };
    const auto o = options(R"({"gnn_type": "GraphConv", "aggr_method": "add", "gnn_dim": 128, "gnn_activ": "LeakyReLU", "norm": 1, "seed": 5})");
    CHECK(o.layer == graph_layer_kind::graph_conv);
    CHECK(o.readout == graph_readout::sum);
    CHECK(o.width == 128);
    CHECK(o.activation == graph_activation::leaky_relu);
    CHECK(options(R"({"format": "onnx_ir"})").features == onnx_ir_features());
    CHECK_THROWS_MATCHES(options(R"({"gnn_typ": "GraphConv"})"), input_error,
                         Message("verdant: config.json, gnn_typ: expected a member that is known here, found 'gnn_typ'; did you mean 'gnn_type'?"));
    CHECK_THROWS_MATCHES(options(R"({"gnn_type": "GINConv"})"), input_error,
                         Message("verdant: config.json, gnn_type: expected one of GATv2Conv, GATConv, GraphConv, GCNConv, SAGEConv, found 'GINConv'; did you mean "
                                 "'GCNConv'?"));
    CHECK_THROWS_MATCHES(options(R"({"gnn_dim": -1})"), input_error, Message("verdant: config.json, gnn_dim: expected a whole number of at least 0, found -1"));
    CHECK_THROWS_MATCHES(options(R"({"format": "features"})"), input_error,
                         Message("verdant: config.json, features: expected a list of features where the format is 'features', and none elsewhere, found format "
                                 "'features'"));
    CHECK_THROWS_MATCHES(options(R"([])"), input_error, Message("verdant: config.json: expected an object, found []"));
    CHECK_THROWS_MATCHES(options(R"({"format": "features", "features": [{"nam": 1}]})"), input_error,
                         Message("verdant: config.json, features[0].nam: expected a member that is known here, found 'nam'; did you mean 'name'?"));
}

TEST_CASE("a checkpoint of another architecture is refused by the tensor that does not fit") {
    using Catch::Matchers::Message;
    const auto w = drawn_weights({}, 1);
    auto wider = w.options;
    wider.width = 64;
    CHECK_THROWS_MATCHES(graph_weights_of(wider, w.tensors), input_error,
                         Message("verdant: drawn weights, tensor encoder.gnn_layers.0.att: expected shape [1, 1, 64], found [1, 1, 32]"));
    auto other = w.options;
    other.layer = graph_layer_kind::graph_conv;
    CHECK_THROWS_WITH(graph_weights_of(other, w.tensors), Catch::Contains("encoder.gnn_layers.0.lin_rel.weight"));
}
