#include "catch.hpp"
#include "unit/surrogate/graph/drawn_weights.hpp"

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/feature_embedding.hpp>
#include <verdant/surrogate/graph/feature_importance.hpp>
#include <verdant/surrogate/graph/graph_encoder.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/prefix_tree.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace verdant;
using namespace verdant::surrogate;

TEST_CASE("norms of chains in a tree of prefixes are those of each chain alone") {
    random_stream random{1};
    for (const auto kind : {graph_layer_kind::gatv2_conv, graph_layer_kind::gat_conv, graph_layer_kind::graph_conv, graph_layer_kind::gcn_conv, graph_layer_kind::sage_conv}) {
        graph_predictor_options o;
        o.layer = kind;
        o.width = 20;
        const auto weights = drawn_weights(o, 2);
        const graph_predictor predictor{weights};
        prefix_tree tree{6};
        std::vector<std::vector<float>> chains; // features of each chain
        std::vector<std::size_t> lengths;
        const auto drawn = [&] {
            std::vector<float> row;
            for (const std::uint64_t categories : {6U, 4U, 2U, 3U, 3U}) row.push_back(static_cast<float>(random() % categories));
            row.push_back(1);
            return row;
        };
        std::size_t begin = 0, pairs = 0;
        for (std::size_t level = 0; level < 5; ++level) {
            const auto end = chains.size();
            for (std::size_t parent = begin; parent < (level == 0 ? 1 : end); ++parent)
                for (std::size_t k = 0; k < 2 + level % 2; ++k) {
                    const auto row = drawn();
                    const auto node = level == 0 ? tree.add_root(row) : tree.add(static_cast<graph::node>(parent), row);
                    REQUIRE(node == chains.size());
                    auto chain = level == 0 ? std::vector<float>{} : chains[parent];
                    chain.insert(chain.end(), row.begin(), row.end());
                    chains.push_back(std::move(chain));
                    pairs += level;
                }
            begin = end;
        }
        REQUIRE(tree.levels() == 5);
        CHECK(tree.pairs_of_hop_and_prefix() == pairs);
        prefix_norms norms;
        std::vector<double> found(tree.nodes());
        for (const double p : {1.0, 2.0}) {
            norms.compute(predictor.encoder(), tree, p, found);
            graph_predictor::workspace w;
            for (std::size_t c = 0; c < chains.size(); ++c) {
                const auto nodes = chains[c].size() / 6;
                std::vector<graph::edge> edges;
                for (graph::node n = 1; n < nodes; ++n) edges.push_back({n - 1, n});
                float out = 0;
                predictor.predict_hops(graph::featured_graph{graph::csr_graph{nodes, edges}, 6, chains[c]}, {&out, 1}, w);
                CHECK(found[c] == w.nodes(nodes - 1).norm(nodes - 1, p));
            }
        }
        // No hop of a prefix twice.
        CHECK(norms.layer_evaluations() == 2 * pairs);
    }
}

TEST_CASE("chains that do not fit a tree are refused") {
    using Catch::Matchers::Message;
    const std::array<float, 2> row{0, 0};
    prefix_tree tree{2};
    CHECK_THROWS_AS(tree.add(0, row), input_error);
    static_cast<void>(tree.add_root(row));
    static_cast<void>(tree.add_root(row));
    CHECK(tree.add(1, row) == 2);
    CHECK_THROWS_MATCHES(tree.add_root(row), input_error, Message("verdant: prefix tree, node 3: expected a chain no shorter than those before it, found 1 nodes"));
    CHECK(tree.add(2, row) == 3);
    CHECK_THROWS_AS(tree.add(1, row), input_error);
    CHECK_THROWS_AS(tree.add(3, std::array<float, 1>{0}), input_error);

    graph_predictor_options o;
    o.features = {category_feature("a", 2), category_feature("b", 2)};
    o.layers = 1;
    o.width = 4;
    const graph_encoder encoder{drawn_weights(o, 3)};
    prefix_norms norms;
    std::vector<double> out(4);
    CHECK_THROWS_MATCHES(norms.compute(encoder, tree, 1, out), input_error,
                         Message("verdant: prefix tree, chains: expected at most 2 nodes, as many as a predictor of 1 layers sees, found 3"));
    out.pop_back();
    CHECK_THROWS_AS(norms.compute(encoder, tree, 1, out), input_error);
}

TEST_CASE("importance of features") {
    const auto weights = drawn_weights({}, 4);
    const feature_embedding embedding{custom_features(), weights.tensors};
    const std::vector<float> rows{0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const auto statistics = feature_statistics_of(embedding, rows);
    REQUIRE(statistics.size() == 6);
    const auto scores = embedding.category_scores(0);
    const double a = static_cast<double>(scores[0]), b = static_cast<double>(scores[1]);
    CHECK(statistics[0].name == "stage");
    CHECK(statistics[0].mean == Approx((2 * a + b) / 3));
    CHECK(statistics[0].deviation == Approx(std::abs(a - b) / std::sqrt(3.0)));
    CHECK(statistics[0].least == std::min(a, b));
    CHECK(statistics[0].most == std::max(a, b));
    CHECK(statistics[5].deviation == Approx(0).margin(1e-7));
    CHECK_THROWS_AS(feature_statistics_of(embedding, std::vector<float>{}), input_error);

    const auto ranked = rank_categories(embedding, 0);
    REQUIRE(ranked.size() == 6);
    for (std::size_t i = 1; i < 6; ++i) CHECK(ranked[i - 1].score >= ranked[i].score);
    const std::vector<float> observed{0, 3, 0, 0, 1, 0};
    const auto met = rank_categories(embedding, 0, observed);
    REQUIRE(met.size() == 2);
    CHECK(met[0].category + met[1].category == 5);
    CHECK_THROWS_AS(rank_categories(embedding, 0, std::vector<float>{1}), input_error);
    CHECK_THROWS_AS(rank_categories(embedding, 5), input_error);
}
