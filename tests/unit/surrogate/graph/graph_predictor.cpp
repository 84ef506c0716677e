#include "catch.hpp"
#include "unit/surrogate/graph/drawn_weights.hpp"

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/embedding_rows.hpp>
#include <verdant/surrogate/graph/feature_embedding.hpp>
#include <verdant/surrogate/graph/graph_batch_norm.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace verdant;
using namespace verdant::surrogate;

namespace {

std::vector<graph::featured_graph> drawn_graphs(std::size_t count, std::uint64_t seed) {
    random_stream random{seed};
    std::vector<graph::featured_graph> out;
    for (std::size_t g = 0; g < count; ++g) {
        auto& one = out.emplace_back();
        const std::size_t nodes = g == 3 ? 0 : 1 + random() % 30;
        std::vector<graph::edge> edges;
        for (graph::node n = 1; n < nodes; ++n) edges.push_back({n - 1, n});
        if (nodes > 2) edges.push_back({static_cast<graph::node>(nodes - 1), 0});
        one.edges = graph::csr_graph{nodes, edges};
        one.columns = 6;
        for (std::size_t n = 0; n < nodes; ++n)
            for (const std::uint64_t categories : {6U, 4U, 2U, 3U, 3U, 0U})
                one.features.push_back(categories == 0 ? 0.5F : static_cast<float>(random() % categories));
    }
    return out;
}

std::vector<graph_predictor_options> kinds() {
    std::vector<graph_predictor_options> out;
    for (const auto kind : {graph_layer_kind::gatv2_conv, graph_layer_kind::gat_conv, graph_layer_kind::graph_conv, graph_layer_kind::gcn_conv, graph_layer_kind::sage_conv})
        for (const auto readout : {graph_readout::mean, graph_readout::sum, graph_readout::max}) {
            auto& o = out.emplace_back();
            o.layer = kind;
            o.readout = readout;
            o.width = kind == graph_layer_kind::graph_conv ? 40 : 12;
            o.layers = 3;
            o.activation = graph_activation::leaky_relu;
            o.residual = readout != graph_readout::max;
            o.targets = readout == graph_readout::sum ? std::vector<std::string>{"acc", "latency_gpu", "latency_npu"} : std::vector<std::string>{"acc"};
        }
    return out;
}

} // namespace

TEST_CASE("what is predicted of a graph does not depend on the batch, for all layers and readouts") {
    const auto graphs = drawn_graphs(50, 1);
    const graph::graph_batch batch{graphs};
    for (const auto& o : kinds()) {
        const graph_predictor predictor{drawn_weights(o, 5)};
        graph_predictor::workspace w, single;
        std::vector<float> all(graphs.size() * o.outputs()), kept(all.size()), one(o.outputs());
        predictor.predict(batch, all, w);
        predictor.predict_hops(batch, kept, w);
        CHECK(all == kept);
        for (std::size_t g = 0; g < graphs.size(); ++g) {
            predictor.predict_hops(graphs[g], one, single);
            for (std::size_t t = 0; t < o.outputs(); ++t) {
                CHECK(std::isfinite(one[t]));
                CHECK(one[t] == all[g * o.outputs() + t]);
            }
            for (std::size_t hop = 0; hop <= o.layers; ++hop) {
                REQUIRE(single.nodes(hop).rows == graphs[g].nodes());
                REQUIRE(single.nodes(hop).columns == (hop == 0 ? 6U : o.width));
                CHECK(single.graphs(hop).norm(0) == w.graphs(hop).norm(g));
                for (std::size_t n = 0; n < graphs[g].nodes(); ++n) CHECK(single.nodes(hop).norm(n) == w.nodes(hop).norm(batch.first_nodes()[g] + n));
            }
        }
    }
}

TEST_CASE("all vector instructions and double precision predict the same") {
    const auto graphs = drawn_graphs(200, 2);
    const graph::graph_batch batch{graphs};
    for (const auto& o : kinds()) {
        const auto weights = drawn_weights(o, 6);
        const basic_graph_predictor<double> exact{weights};
        basic_graph_predictor<double>::workspace room;
        std::vector<double> expected(graphs.size() * o.outputs());
        exact.predict(batch, expected, room);
        const graph_predictor predictor{weights};
        std::vector<float> wide(expected.size());
        for (const auto v : {vector_instructions::baseline, vector_instructions::avx2, vector_instructions::avx512}) {
            if (!has_instructions(v)) continue;
            graph_predictor::workspace w{v};
            std::vector<float> out(expected.size());
            predictor.predict(batch, out, w);
            for (std::size_t i = 0; i < out.size(); ++i) CHECK(static_cast<double>(out[i]) == Approx(expected[i]).epsilon(1e-6).margin(1e-6));
            // The two with fused products add up in one order.
            if (v == vector_instructions::avx2) wide = out;
            if (v == vector_instructions::avx512) CHECK(out == wide);
        }
    }
}

TEST_CASE("several outputs are predicted at once, each in its own units") {
    graph_predictor_options o;
    o.targets = {"acc", "latency_npu"};
    const graph_predictor predictor{drawn_weights(o, 7)};
    const auto graphs = drawn_graphs(5, 3);
    const auto found = predictor(graph::graph_batch{graphs});
    graph_predictor::workspace w;
    std::vector<float> raw(10);
    predictor.predict(graph::graph_batch{graphs}, raw, w);
    REQUIRE(found.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) CHECK(found[i] == static_cast<double>(raw[i]) * predictor.deviation(i % 2) + predictor.mean(i % 2));
    CHECK(predictor.mean(0) != predictor.mean(1));
}

TEST_CASE("graphs that do not fit a predictor are refused") {
    using Catch::Matchers::Message;
    const graph_predictor predictor{drawn_weights({}, 8)};
    graph_predictor::workspace w;
    float out = 0;
    auto g = drawn_graphs(1, 4).front();
    auto wrong = g;
    wrong.features[3] = 3;
    CHECK_THROWS_MATCHES(predictor.predict(wrong, {&out, 1}, w), input_error,
                         Message("verdant: graph, node 0, feature expand: expected a category from 0 to 2, found 3.000000"));
    wrong.features[3] = 0.5F;
    CHECK_THROWS_AS(predictor.predict(wrong, {&out, 1}, w), input_error);
    wrong.features[3] = std::nanf("");
    CHECK_THROWS_AS(predictor.predict(wrong, {&out, 1}, w), input_error);
    wrong.columns = 5;
    CHECK_THROWS_MATCHES(predictor.predict(wrong, {&out, 1}, w), input_error, Message("verdant: graph predictor, features: expected 6 columns, found 5"));
    CHECK_THROWS_AS(predictor.predict(g, {}, w), input_error);
    g.features.pop_back();
    CHECK_THROWS_AS(predictor.predict(g, {&out, 1}, w), input_error);
}

TEST_CASE("limits are checked with the error of the predictor") {
    CHECK(check_prediction_with_mae(5, 1, 6, '+'));
    CHECK_FALSE(check_prediction_with_mae(5.5, 1, 6, '+'));
    CHECK(check_prediction_with_mae(5, 1, 4, '-'));
    CHECK_FALSE(check_prediction_with_mae(4.5, 1, 4, '-'));
    CHECK(check_prediction_with_mae(50, 1, 4, '='));
}

TEST_CASE("scores of features, and the operators that were met") {
    using Catch::Matchers::Message;
    const auto weights = drawn_weights({}, 9);
    const feature_embedding embedding{custom_features(), weights.tensors};
    const std::vector<float> row{5, 3, 1, 2, 0, -2};
    std::vector<float> scores(6);
    embedding.embed(row.data(), scores.data(), 0);
    for (std::size_t f = 0; f < 5; ++f) CHECK(scores[f] == embedding.category_scores(f)[static_cast<std::size_t>(row[f])]);
    CHECK(scores[5] == embedding.score(5, std::vector<float>{-2}));
    CHECK_THROWS_MATCHES(embedding.category_scores(5), input_error, Message("verdant: feature resolution: expected categories, found numbers"));
    CHECK_THROWS_AS(embedding.score(0, std::vector<float>{1}), input_error);

    // Each category counts once a call, however many nodes have it.
    std::vector<float> counts(3);
    const std::vector<float> rows{0, 0, 0, 2, 0, 1, 0, 0, 0, 2, 0, 1, 0, 0, 0, 1, 0, 1};
    embedding.observe(3, rows, counts);
    embedding.observe(3, rows, counts);
    CHECK(counts == std::vector<float>{0, 2, 2});
    CHECK_THROWS_AS(embedding.observe(5, rows, counts), input_error);
}

TEST_CASE("batch normalisation refuses what has no variance") {
    graph_batch_norm<double> norm{{1, 1}, {0, 0}, {0, 0}, {1, 1}};
    std::vector<double> one{1, 2};
    CHECK_THROWS_AS(norm.train(one), input_error);
    one.push_back(3);
    CHECK_THROWS_AS(norm.apply(one), input_error);
    std::vector<double> two{1, 2, 3, 6};
    norm.train(two);
    CHECK(two[0] == Approx(-1).epsilon(1e-4));
    CHECK(two[3] == Approx(1).epsilon(1e-4));
    CHECK(norm.running_mean[1] == Approx(0.4));
    CHECK(norm.running_var[1] == Approx(0.9 + 0.1 * 8));
}

TEST_CASE("norms of embeddings") {
    const std::vector<float> row{3, -4};
    CHECK(norm_of<float>(row) == 7);
    CHECK(norm_of<float>(row, 2) == 5);
    CHECK(norm_of<float>(row, 3) == Approx(std::cbrt(91)));
    const std::vector<std::uint32_t> starts{0, 1, 1, 2};
    CHECK(read_out<float>(row, 1, starts, graph_readout::max) == std::vector<float>{3, 0, -4});
    const std::vector<std::uint32_t> bad{0, 3};
    CHECK_THROWS_AS(read_out<float>(row, 1, bad, graph_readout::mean), input_error);
}
