#include <verdant/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/predictor/predict_graphs.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/search.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/perceptron/mlp.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/device_metrics.hpp>
#include <verdant/tabular/metric_source.hpp>

#include "catch.hpp"
#include "unit/surrogate/graph/drawn_weights.hpp"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

using namespace verdant;

namespace {

struct score : metric<"score"> {};
struct little : space<param<"depth", range<1, 3>>, param<"kernel", choices<3, 5, 7>>> {};
struct phone : tabular::device<"phone", latency> {};

} // namespace

template <>
struct verdant::spaces::sequence_graph<little> {
    using columns = node_columns<category<"place", 3>, category<"kernel", 3>>;
    static constexpr void describe(sequence_builder& g) {
        for (int j = 0; j < 3; ++j) g.node({g.constant(j), g.choice("kernel")}, g.above("depth", j));
    }
};

TEST_CASE("AutoBuild's predictors of graphs are a benchmark", "[tabular]") {
    surrogate::graph_predictor_options o;
    o.features = surrogate::features_of(spaces::columns_of<little>());
    o.targets = {"score", "latency"};
    o.width = 6;
    o.moment_units = o.moment_hops = 0;
    const predictor::predict_graphs<little, score, latency> evaluate{drawn_weights(o, 2)};
    const tabular::benchmark<little, phone, score, latency> b{tabular::source_of<little, score>(evaluate), tabular::source_of<little, latency>(evaluate)};
    const auto result = search<little, maximize<score>, minimize<latency>, random_search>{b}.run({.trials = 9, .seed = 1});
    REQUIRE(result.trials().size() == 9);
    for (const auto& t : result.trials()) {
        const auto expected = evaluate(std::span{&t.point, 1}).front();
        CHECK(t.template get<score>() == expected.get<score>());
        CHECK(t.template get<latency>() == expected.get<latency>());
        CHECK(b.std(t.point).get<score>() == 0);
    }
}

TEST_CASE("MOOFA's perceptrons are a benchmark, beside another source", "[tabular]") {
    using net = spaces::moofa_v3;
    using encoding = spaces::moofa_encoding<net>;
    std::vector<float> weight(encoding::width);
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] = static_cast<float>(i % 7) / 100;
    std::vector<surrogate::dense_layer> layers;
    layers.emplace_back(encoding::width, 1, weight, std::span<const float>{}, surrogate::dense_output::linear);
    const spaces::predict_accuracy<net> evaluate{surrogate::mlp{std::move(layers), 0.5F}};
    struct depth_cost {
        metrics<latency> operator()(const point<net>& p) const { return {static_cast<double>(1 + p[0]) * milliseconds{}}; }
    };
    const tabular::benchmark<net, phone, spaces::predicted_accuracy, latency> b{tabular::source_of<net, spaces::predicted_accuracy>(evaluate),
                                                                              tabular::source_of<net, latency>(depth_cost{})};
    random_stream random{4};
    for (int i = 0; i < 20; ++i) {
        const auto p = sample<net>(random);
        CHECK(b.mean(p).get<spaces::predicted_accuracy>() == evaluate(std::span{&p, 1}).front().get<spaces::predicted_accuracy>());
        CHECK(in<milliseconds>(b.mean(p).get<latency>()) == Approx(1 + static_cast<double>(p[0])));
        CHECK(b.members<spaces::predicted_accuracy>(p).size() == 1);
    }
}
