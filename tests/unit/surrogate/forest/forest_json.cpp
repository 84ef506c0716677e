// Files of forests and of distributional trees; models of logarithms.

#include "catch.hpp"
#include "laws/regressor.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/forest/fit_distributional_trees.hpp>
#include <verdant/surrogate/forest/fit_forest.hpp>
#include <verdant/surrogate/forest/forest_json.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/surrogate/logarithmic.hpp>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace surrogate = verdant::surrogate;
using nlohmann::json;

namespace {

struct small_rows {
    std::vector<float> x;
    std::vector<double> y;
    small_rows() {
        verdant::random_stream random{1};
        for (int r = 0; r < 60; ++r) {
            for (int c = 0; c < 3; ++c) x.push_back(static_cast<float>(random.uniform()));
            y.push_back(std::exp(static_cast<double>(x[x.size() - 1] + 2 * x[x.size() - 2])));
        }
    }
    [[nodiscard]] surrogate::labelled_rows rows() const { return {{x, 3}, y}; }
};

} // namespace

TEST_CASE("forests and distributional trees are read as they were written") {
    const small_rows data;
    const auto forest = surrogate::fit_random_forest(data.rows(), {.trees = 3});
    const auto again = surrogate::forest_from(verdant::io::parse_json(surrogate::forest_json(forest).dump(), "f"), "f");
    CHECK(again == forest);
    const auto fit = surrogate::fit_distributional_trees(data.rows(), {.rounds = 4, .tree = {.depth = 2}});
    const auto text = surrogate::distributional_trees_json(fit.model).dump();
    CHECK(surrogate::distributional_trees_from(verdant::io::parse_json(text, "d"), "d") == fit.model);
}

TEST_CASE("what is no forest is refused by name") {
    const auto good = json::parse(R"({"features": 4, "trees": [{"left": [1, -1, -1], "right": [2, -1, -1], "feature": [3, -2, -2], "threshold": [0.5, -2, -2], "value": [7, 1, 2]}]})");
    const auto forest = surrogate::forest_from(good, "f");
    const std::vector<float> row{0, 0, 0, 1};
    CHECK(forest.predict(std::span{row}) == 2);
    const auto refuses = [&](const std::function<void(json&)>& damage, const std::string& place) {
        auto damaged = good;
        damage(damaged);
        INFO(damaged.dump());
        CHECK_THROWS_WITH(surrogate::forest_from(damaged, "f"), Catch::Contains(place));
    };
    refuses([](json& j) { j["trees"][0]["feature"][0] = 4; }, "tree 0");
    refuses([](json& j) { j["trees"][0]["feature"][0] = -2; }, "trees[0].feature[0]");
    refuses([](json& j) { j["trees"][0]["left"][0] = 0; }, "tree 0");
    refuses([](json& j) { j["trees"][0]["left"][1] = 1.5; }, "trees[0].left[1]");
    refuses([](json& j) { j["trees"][0]["right"][0] = 3e9; }, "trees[0].right[0]");
    refuses([](json& j) { j["trees"][0]["value"].erase(2); }, "values");
    refuses([](json& j) { j["trees"][0].erase("threshold"); }, "threshold");
    refuses([](json& j) { j["trees"][0]["gini"] = 1; }, "gini");
    refuses([](json& j) { j["trees"] = json::array(); }, "trees");
    refuses([](json& j) { j["features"] = -1; }, "features");
    CHECK_THROWS_WITH(surrogate::distributional_trees_from(good, "d"), Catch::Contains("trees"));
}

TEST_CASE("models of logarithms predict what the logarithms stand for") {
    const small_rows data;
    const auto logs = surrogate::logarithms_of(data.y, "labels");
    const auto trees = surrogate::fit_boosted_trees({data.rows().x, logs}, {.rounds = 50}).model;
    const surrogate::logarithmic model{trees};
    laws::obeys_regressor_laws(model, data.rows().x);
    CHECK(model.predict(data.rows().x[0]) == Approx(std::exp(trees.predict(data.rows().x[0]))));
    // Moments of a log-normal distribution.
    const auto sure = surrogate::fit_distributional_trees({data.rows().x, logs}, {.rounds = 30, .tree = {.depth = 2}}).model;
    const surrogate::logarithmic uncertain{sure};
    laws::obeys_uncertain_regressor_laws(uncertain, data.rows().x);
    const auto v = sure.predict_uncertain(data.rows().x[3]), w = uncertain.predict_uncertain(data.rows().x[3]);
    CHECK(w.mean == Approx(std::exp(v.mean + v.std * v.std / 2)));
    CHECK(w.std == Approx(w.mean * std::sqrt(std::exp(v.std * v.std) - 1)));
    CHECK_THROWS_WITH(surrogate::logarithms_of(std::vector<double>{1, 0, 2}, "labels"), Catch::Contains("row 1"));
}
