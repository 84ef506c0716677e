#include "catch.hpp"
#include "unit/surrogate/graph/drawn_weights.hpp"

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace verdant;
using namespace verdant::surrogate;

namespace {

/// The same weights with one tensor changed, added (where the name is new), or left out (where `value` is null).
graph_predictor_weights with(const graph_predictor_weights& w, const std::string& changed, const io::tensor_data* value) {
    graph_predictor_weights out{w.options, io::named_tensors{"file"}};
    for (const auto& [name, tensor] : w.tensors)
        if (name != changed) out.tensors.add(name, tensor);
        else if (value != nullptr) out.tensors.add(name, *value);
    if (value != nullptr && w.tensors.find(changed) == nullptr) out.tensors.add(changed, *value);
    return out;
}

} // namespace

TEST_CASE("the tensors of a predictor have the names and shapes of AutoBuild's checkpoints") {
    const auto names = tensors_of({});
    CHECK(names.size() == 79);
    CHECK(names.at("hop_moments").shape() == io::tensor_shape{2, 5});
    CHECK(names.at("mlp_moments").shape() == io::tensor_shape{2});
    CHECK(names.at("embed_layer.moment_tsr").shape() == io::tensor_shape{5, 4, 2});
    CHECK(names.at("embed_layer.res_mlp.0.weight").shape() == io::tensor_shape{3, 1});
    CHECK(names.at("encoder.gnn_layers.0.lin_r.weight").shape() == io::tensor_shape{32, 6});
    CHECK(names.at("encoder.gnn_layers.3.att").shape() == io::tensor_shape{1, 1, 32});
    CHECK(names.at("encoder.init_ff.weight").shape() == io::tensor_shape{6, 12});
    CHECK(names.at("encoder.bns.3.module.num_batches_tracked").type() == io::dtype::i64);
    CHECK(names.at("regressor.weight").shape() == io::tensor_shape{1, 32});

    graph_predictor_options several;
    several.targets = {"acc", "latency_gpu", "latency_npu"};
    const auto more = tensors_of(several);
    CHECK(more.at("regressor.bias").shape() == io::tensor_shape{3});
    CHECK(more.at("mlp_moments").shape() == io::tensor_shape{2, 3});

    graph_predictor_options operators;
    operators.features = onnx_ir_features();
    operators.moment_units = operators.moment_hops = 0;
    const auto third = tensors_of(operators);
    CHECK(third.at("embed_layer.obs_observed").shape() == io::tensor_shape{90});
    CHECK(third.at("embed_layer.shape_embed_layer.weight").shape() == io::tensor_shape{8, 12});
    CHECK(third.find("embed_layer.moment_tsr") == nullptr);
}

TEST_CASE("weights are exactly those of their options") {
    for (const auto kind : {graph_layer_kind::gatv2_conv, graph_layer_kind::gat_conv, graph_layer_kind::graph_conv, graph_layer_kind::gcn_conv,
                            graph_layer_kind::sage_conv}) {
        graph_predictor_options o;
        o.layer = kind;
        o.width = 8;
        CHECK_NOTHROW(check_weights(drawn_weights(o, 1)));
    }
    graph_predictor_options o;
    o.width = 8;
    o.layers = 2;
    const auto good = drawn_weights(o, 1);
    using Catch::Matchers::Message;
    CHECK_THROWS_WITH(check_weights(with(good, "regressor.bias", nullptr)), Catch::Contains("file: expected a tensor named regressor.bias"));
    const auto two = io::tensor_data::of({2}, std::vector<float>{1, 2});
    CHECK_THROWS_MATCHES(check_weights(with(good, "regressor.bias", &two)), input_error,
                         Message("verdant: file, tensor regressor.bias: expected shape [1], found [2]"));
    CHECK_THROWS_MATCHES(check_weights(with(good, "regresor.bias", &two)), input_error,
                         Message("verdant: file, tensor regresor.bias: expected one of the 57 tensors of a predictor of 2 layers GATv2Conv, found another; did you mean "
                                 "'regressor.bias'?"));
    const auto nan = io::tensor_data::of({1}, std::vector<float>{std::nanf("")});
    CHECK_THROWS_MATCHES(check_weights(with(good, "regressor.bias", &nan)), input_error,
                         Message("verdant: file, tensor regressor.bias: expected finite numbers, found an infinity or what is not a number"));
    const auto whole = io::tensor_data::of({1}, std::vector<std::int32_t>{1});
    CHECK_THROWS_MATCHES(check_weights(with(good, "regressor.bias", &whole)), input_error,
                         Message("verdant: file, tensor regressor.bias: expected fractions, found elements of type i32"));
    const auto below = io::tensor_data::of({8}, std::vector<float>{1, 1, 1, -1, 1, 1, 1, 1});
    CHECK_THROWS_MATCHES(check_weights(with(good, "encoder.bns.1.module.running_var", &below)), input_error,
                         Message("verdant: file, tensor encoder.bns.1.module.running_var: expected variances of at least 0, found -1.000000"));
    const auto untested = io::tensor_data::of({3}, std::vector<float>{std::numeric_limits<float>::infinity(), 100, 0});
    CHECK_NOTHROW(check_weights(with(good, "test_metrics", &untested)));

    o.layer = graph_layer_kind::gat_conv;
    const auto other = io::tensor_data::of({8, 8}, std::vector<float>(64, 1));
    CHECK_THROWS_MATCHES(check_weights(with(drawn_weights(o, 1), "encoder.gnn_layers.1.lin_dst.weight", &other)), input_error,
                         Message("verdant: file, tensor encoder.gnn_layers.1.lin_dst.weight: expected the numbers of encoder.gnn_layers.1.lin_src.weight, which it is "
                                 "another name of, found others"));
}

TEST_CASE("options of which no predictor can be built are refused") {
    using Catch::Matchers::Message;
    graph_predictor_options o;
    o.width = 0;
    CHECK_THROWS_MATCHES(tensors_of(o), input_error, Message("verdant: graph predictor, gnn_dim: expected a number from 1 to 8192, found 0"));
    o = {};
    o.targets.clear();
    CHECK_THROWS_MATCHES(tensors_of(o), input_error, Message("verdant: graph predictor, targets: expected a number from 1 to 256, found 0"));
    o = {};
    o.norm = 0.5;
    CHECK_THROWS_AS(tensors_of(o), input_error);
    o = {};
    o.features.push_back(category_feature("side", 0));
    o.features.back().columns = 0;
    CHECK_THROWS_MATCHES(tensors_of(o), input_error, Message("verdant: graph predictor, feature side, columns: expected a number from 1 to 4096, found 0"));
}
