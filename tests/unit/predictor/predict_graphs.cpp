#include "catch.hpp"
#include "unit/surrogate/graph/drawn_weights.hpp"

#include <verdant/error.hpp>
#include <verdant/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/predictor/predict_graphs.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/graph/mbconv_graph.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <cstddef>
#include <string>
#include <vector>

using namespace verdant;

namespace {

struct score : metric<"score"> {};
struct little : space<param<"depth", range<1, 3>>, param<"kernel", choices<3, 5, 7>>> {};

} // namespace

template <>
struct verdant::spaces::sequence_graph<little> {
    using columns = node_columns<category<"place", 3>, category<"kernel", 3>>;
    static constexpr void describe(sequence_builder& g) {
        for (int j = 0; j < 3; ++j) g.node({g.constant(j), g.choice("kernel")}, g.above("depth", j));
    }
};

TEST_CASE("a search runs over a graph predictor of one's own space") {
    surrogate::graph_predictor_options o;
    o.features = surrogate::features_of(spaces::columns_of<little>());
    REQUIRE((o.features == std::vector{surrogate::category_feature("place", 3), surrogate::category_feature("kernel", 3)})); // glog cannot print them
    o.targets = {"score", "latency"};
    o.width = 6;
    o.moment_units = o.moment_hops = 0;
    const auto weights = drawn_weights(o, 2);
    const predictor::predict_graphs<little, score, latency> evaluate{weights};
    using study = search<little, maximize<score>, minimize<latency>, random_search>;
    const auto result = study{evaluate}.run({.trials = 9, .seed = 1});
    REQUIRE(result.trials().size() == 9);
    for (const auto& t : result.trials()) {
        const auto expected = evaluate.predictor()(graph::graph_batch{std::vector{spaces::graph_of(t.point)}});
        CHECK(t.template get<score>() == expected[0]);
        CHECK(in<milliseconds>(t.template get<latency>()) == Approx(expected[1]));
    }
}

TEST_CASE("the graphs of OFA spaces have the features of AutoBuild's predictors") {
    using ofa = spaces::ofa_mobilenet_v3<>;
    CHECK((surrogate::features_of(spaces::columns_of<ofa>()) == surrogate::custom_features()));
    CHECK_NOTHROW(predictor::predict_graphs<ofa, score>{drawn_weights({}, 1)});
}

TEST_CASE("predictors of other spaces or outputs are refused") {
    using Catch::Matchers::Message;
    using evaluator = predictor::predict_graphs<little, score>;
    CHECK_THROWS_MATCHES(evaluator{drawn_weights({}, 1)}, input_error,
                         Message("verdant: graph predictor, feature mbconv: expected a column of nodes for it, found 2 columns in all"));
    surrogate::graph_predictor_options o;
    o.moment_units = o.moment_hops = 0;
    o.features = {surrogate::category_feature("place", 2), surrogate::category_feature("kernel", 3)};
    CHECK_THROWS_MATCHES(
        evaluator{drawn_weights(o, 1)}, input_error,
        Message("verdant: graph predictor, column place: expected 2 categories, as feature place of the predictor has, found 3 categories"));
    o.features = {surrogate::category_feature("place", 3), surrogate::number_feature("kernel")};
    CHECK_THROWS_AS(evaluator{drawn_weights(o, 1)}, input_error);
    o.features = {surrogate::category_feature("place", 3)};
    CHECK_THROWS_AS(evaluator{drawn_weights(o, 1)}, input_error);
    o.features = surrogate::features_of(spaces::columns_of<little>());
    CHECK_NOTHROW(evaluator{drawn_weights(o, 1)});
    o.targets = {"a", "b"};
    CHECK_THROWS_MATCHES(evaluator{drawn_weights(o, 1)}, input_error,
                         Message("verdant: graph predictor, targets: expected 1, one for each metric, found 2"));
    o.targets = {"a"};
    o.undirected = true;
    CHECK_THROWS_AS(evaluator{drawn_weights(o, 1)}, input_error);
}
