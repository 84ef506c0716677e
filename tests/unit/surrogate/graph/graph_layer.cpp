#include "catch.hpp"
#include "laws/graph_layer.hpp"

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/gat_conv.hpp>
#include <verdant/surrogate/graph/gatv2_conv.hpp>
#include <verdant/surrogate/graph/gcn_conv.hpp>
#include <verdant/surrogate/graph/graph_attention.hpp>
#include <verdant/surrogate/graph/graph_conv.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>
#include <verdant/surrogate/graph/sage_conv.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

using namespace verdant;
using namespace verdant::surrogate;

namespace {

io::named_tensors tensors_with(const std::vector<std::pair<std::string, io::tensor_shape>>& names) {
    io::named_tensors out{"layer"};
    random_stream random{3};
    for (const auto& [name, shape] : names) {
        std::vector<float> values(*io::element_count(shape));
        for (auto& v : values) v = static_cast<float>(random.uniform(-1, 1));
        out.add(name, io::tensor_data::of(shape, values));
    }
    return out;
}

io::named_tensors gatv2_tensors(std::size_t inputs, std::size_t heads, std::size_t channels, bool joined) {
    const auto all = heads * channels;
    return tensors_with({{"att", {1, heads, channels}}, {"bias", {joined ? all : channels}}, {"lin_l.weight", {all, inputs}}, {"lin_l.bias", {all}},
                         {"lin_r.weight", {all, inputs}}, {"lin_r.bias", {all}}, {"lin_edge.weight", {all, 2}}});
}

} // namespace

TEST_CASE("all graph layers keep the laws of graph layers") {
    laws::obeys_graph_layer_laws(gatv2_conv<float>{5, 7, gatv2_tensors(5, 1, 7, true), ""});
    laws::obeys_graph_layer_laws(gatv2_conv<float>{5, 20, gatv2_tensors(5, 3, 20, true), "", {.heads = 3}});
    laws::obeys_graph_layer_laws(gatv2_conv<double>{5, 4, gatv2_tensors(5, 2, 4, false), "", {.heads = 2, .concat = false, .share_weights = true}});
    laws::obeys_graph_layer_laws(gatv2_conv<float>{5, 7, gatv2_tensors(5, 1, 7, true), "", {.add_self_loops = false}});
    const auto gat = tensors_with({{"att_src", {1, 2, 9}}, {"att_dst", {1, 2, 9}}, {"bias", {18}}, {"lin_src.weight", {18, 40}}});
    laws::obeys_graph_layer_laws(gat_conv<float>{40, 9, gat, "", {.heads = 2}});
    laws::obeys_graph_layer_laws(gat_conv<double>{40, 9, gat, "", {.heads = 2}});
    const auto conv = tensors_with({{"a.lin_rel.weight", {33, 6}}, {"a.lin_rel.bias", {33}}, {"a.lin_root.weight", {33, 6}}});
    for (const auto how : {graph_aggregation::add, graph_aggregation::mean, graph_aggregation::max})
        laws::obeys_graph_layer_laws(graph_conv<float>{6, 33, conv, "a.", {.aggregation = how}});
    laws::obeys_graph_layer_laws(graph_conv<double>{6, 33, conv, "a."});
    laws::obeys_graph_layer_laws(gcn_conv<float>{6, 3, tensors_with({{"bias", {3}}, {"lin.weight", {3, 6}}}), ""});
    const auto sage = tensors_with({{"lin_l.weight", {4, 6}}, {"lin_l.bias", {4}}, {"lin_r.weight", {4, 6}}});
    laws::obeys_graph_layer_laws(sage_conv<float>{6, 4, sage, "", {.normalize = true}});
    laws::obeys_graph_layer_laws(sage_conv<float>{6, 4, sage, ""});
}

TEST_CASE("graph layers take weights and features of edges, and refuse others") {
    const graph::csr_graph g{3, std::vector<graph::edge>{{0, 1}, {2, 1}, {1, 1}}};
    const std::vector<float> x{1, 2, 3}, weights{10, 100, 1000};
    const auto one = io::tensor_data::of({1, 1}, std::vector<float>{1}), zero = io::tensor_data::of({1, 1}, std::vector<float>{0});
    io::named_tensors sum{"layer"};
    sum.add("lin_rel.weight", one);
    sum.add("lin_root.weight", zero);
    const graph_conv<float> layer{1, 1, sum, "", {.bias = false}};
    CHECK(apply_layer(layer, g, std::span<const float>{x}) == std::vector<float>{0, 6, 0});
    CHECK(apply_layer(layer, g, std::span<const float>{x}, {weights, 1}) == std::vector<float>{0, 2310, 0});
    const std::vector<float> six(6);
    CHECK_THROWS_AS(apply_layer(layer, g, std::span<const float>{x}, {six, 2}), input_error);
    CHECK_THROWS_AS(apply_layer(layer, g, std::span<const float>{x}, {six, 1}), input_error);
    CHECK_THROWS_AS(apply_layer(layer, g, std::span<const float>{six}), input_error);

    // A node has one edge to itself: that of the graph keeps its weight, others get 1.
    io::named_tensors plain{"layer"};
    plain.add("lin.weight", one);
    const gcn_conv<double> gcn{1, 1, plain, "", {.bias = false}};
    const std::vector<double> xd{1, 2, 3}, wd{1, 1, 2};
    const auto y = apply_layer(gcn, g, std::span<const double>{xd}, {wd, 1});
    CHECK(y[0] == Approx(1));
    CHECK(y[1] == Approx(1 / 2.0 + 3 / 2.0 + 2 * 2 / 4.0));

    const gatv2_conv<float> with_features{5, 4, gatv2_tensors(5, 1, 4, true), "", {.edge_columns = 2}};
    const std::vector<float> fifteen(15, 1);
    CHECK_NOTHROW(apply_layer(with_features, g, std::span<const float>{fifteen}, {six, 2}));
    CHECK_THROWS_AS(apply_layer(with_features, g, std::span<const float>{fifteen}), input_error);
    CHECK_THROWS_AS((graph_conv<float>{2, 1, sum, ""}), input_error);
    CHECK_THROWS_AS((gat_conv<float>{2, 1, sum, ""}), input_error);
}

TEST_CASE("shares of attention of one node add up to 1, and loops are there once") {
    const graph::csr_graph g{4, std::vector<graph::edge>{{0, 1}, {1, 1}, {0, 1}, {3, 2}}};
    const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    const gatv2_conv<float> layer{5, 7, gatv2_tensors(5, 2, 7, true), "", {.heads = 2}};
    const auto a = attention_of(layer, g, std::span<const float>{x});
    REQUIRE(a.edges == std::vector<graph::edge>{{0, 1}, {0, 1}, {3, 2}, {0, 0}, {1, 1}, {2, 2}, {3, 3}});
    REQUIRE(a.shares.size() == 14);
    for (graph::node n = 0; n < 4; ++n)
        for (std::size_t h = 0; h < 2; ++h) {
            double sum = 0;
            for (std::size_t e = 0; e < a.edges.size(); ++e)
                if (a.edges[e].target == n) sum += static_cast<double>(a.shares[2 * e + h]);
            CHECK(sum == Approx(1));
        }
}

TEST_CASE("vector instructions are chosen by name, and refused where the processor does not have them") {
    CHECK(instructions_named("baseline", "test") == vector_instructions::baseline);
    CHECK(has_instructions(chosen_instructions()));
    using Catch::Matchers::Message;
    CHECK_THROWS_MATCHES(instructions_named("sse9", "VERDANT_VECTOR_INSTRUCTIONS"), input_error,
                         Message("verdant: VERDANT_VECTOR_INSTRUCTIONS: expected baseline, avx2 or avx512, found sse9"));
    for (const auto v : {vector_instructions::avx2, vector_instructions::avx512})
        if (has_instructions(v)) CHECK(instructions_named(name_of(v), "test") == v);
        else CHECK_THROWS_AS(instructions_named(name_of(v), "test"), input_error);
}
