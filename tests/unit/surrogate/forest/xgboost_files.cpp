#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>

#include "catch.hpp"
#include "unit/surrogate/forest/drawn_trees.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/ubjson.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/xgboost_model.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace verdant;
using Catch::Contains;
using surrogate::xgboost_model;

namespace {

xgboost_model drawn_model() {
    const auto sizes = drawn::domains(6);
    xgboost_model m{surrogate::boosted_trees{6, 0.25F, drawn::trees<float>(9, sizes, 4, 8)},
                    "reg:squarederror",
                    {{"best_iteration", "7"}, {"note", "a \"quoted\" text"}},
                    {},
                    {}};
    m.feature_names = {"a", "b", "c", "d", "e", "f"};
    m.feature_types.assign(6, "float");
    // As a file has it, whose statistics are one a node.
    return surrogate::parse_xgboost(surrogate::xgboost_json(m), "m");
}

/// What is said of a model with a change of its JSON.
template <class Change>
std::string refusal(const Change& change) {
    auto j = nlohmann::json::parse(surrogate::xgboost_json(drawn_model()));
    change(j);
    try {
        static_cast<void>(surrogate::parse_xgboost_json(j.dump(), "m.json"));
    } catch (const input_error& e) { return e.what(); }
    return "accepted";
}
nlohmann::json& model_of(nlohmann::json& j) { return j["learner"]["gradient_booster"]["model"]; }
nlohmann::json& tree_of(nlohmann::json& j) { return model_of(j)["trees"][2]; }

std::string binary_refusal(std::string_view bytes) {
    try {
        static_cast<void>(io::parse_ubjson({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, "b.ubj"));
    } catch (const input_error& e) { return e.what(); }
    return "accepted";
}

} // namespace

TEST_CASE("models of XGBoost are read as they were written, in both forms") {
    const auto m = drawn_model();
    CHECK(m.attributes.at("note") == "a \"quoted\" text");
    CHECK(m.feature_names.back() == "f");
    CHECK(surrogate::parse_xgboost_json(surrogate::xgboost_json(m), "m") == m);
    const auto binary = surrogate::xgboost_ubjson(m);
    CHECK(surrogate::parse_xgboost(binary, "m") == m);
    const auto x = drawn::rows(20, drawn::domains(6), 1);
    std::vector<double> a(20), b(20);
    m.trees.predict({x, 6}, a);
    surrogate::parse_xgboost(binary, "m").trees.predict({x, 6}, b);
    CHECK(a == b);
}

TEST_CASE("what early stopping found best is told, and wrong numbers of it are refused by name") {
    const auto with = [](std::map<std::string, std::string> attributes) {
        auto m = drawn_model(); // of 9 trees
        m.attributes = std::move(attributes);
        return m;
    };
    const auto x = drawn::rows(1, drawn::domains(6), 1);
    const auto all = drawn_model().trees.predict(x), three = drawn_model().trees.first(3).predict(x);
    CHECK(all != three);
    CHECK_FALSE(with({{"best_score", "0.5"}}).best_rounds());
    CHECK(with({}).best_trees().predict(x) == all);
    CHECK(with({{"best_iteration", "2"}}).best_rounds() == 3);
    CHECK(with({{"best_ntree_limit", "3"}}).best_rounds() == 3); // of versions before 1.3
    const auto stopped = with({{"best_iteration", "2"}, {"best_ntree_limit", "3"}});
    CHECK(stopped.trees.predict(x) == all); // as Booster.predict
    CHECK(stopped.best_trees().predict(x) == three); // as XGBRegressor.predict
    CHECK(with({{"best_iteration", "8"}}).best_trees() == drawn_model().trees);
    const auto told = [&](std::map<std::string, std::string> attributes) {
        try {
            static_cast<void>(with(std::move(attributes)).best_rounds("m.json"));
        } catch (const input_error& e) { return std::string{e.what()}; }
        return std::string{"accepted"};
    };
    CHECK(told({{"best_iteration", "9"}}) ==
          "verdant: m.json, learner.attributes.best_iteration: expected a round of the model, from 0 to 8, found '9'");
    for (const auto* text : {"-1", "1.5", "", "many", "18446744073709551615", "99999999999999999999"})
        CHECK_THAT(told({{"best_iteration", text}}), Contains("best_iteration: expected a round of the model"));
    CHECK_THAT(told({{"best_ntree_limit", "0"}}), Contains("best_ntree_limit: expected a round of the model, from 1 to 9, found '0'"));
    CHECK_THAT(told({{"best_iteration", "2"}, {"best_ntree_limit", "4"}}),
               Contains("best_ntree_limit: expected 3, as best_iteration says, found '4'"));
}

TEST_CASE("numbers are written as XGBoost writes them") {
    CHECK(surrogate::detail::xgboost_number(0) == "0E0");
    CHECK(surrogate::detail::xgboost_number(0.5F) == "5E-1");
    CHECK(surrogate::detail::xgboost_number(9916) == "9.916E3");
    CHECK(surrogate::detail::xgboost_number(-7.4172526e-4F) == "-7.4172526E-4");
    CHECK(surrogate::detail::xgboost_number(1e20F) == "1E20");
    CHECK(surrogate::detail::xgboost_number(std::numeric_limits<float>::denorm_min()) == "1E-45");
}

TEST_CASE("what a model of XGBoost says wrongly, or this library does not compute, is refused by name") {
    CHECK(refusal([](auto&) {}) == "accepted");
    CHECK_THAT(refusal([](auto& j) { j["learner"].erase("objective"); }), Contains("m.json, learner.objective: expected this member, found none"));
    CHECK_THAT(refusal([](auto& j) { j["learner"]["objective"]["name"] = "binary:logistic"; }),
               Contains("learner.objective.name") && Contains("found 'binary:logistic'"));
    CHECK_THAT(refusal([](auto& j) { j["learner"]["gradient_booster"]["name"] = "dart"; }),
               Contains("learner.gradient_booster.name: expected 'gbtree', found 'dart'"));
    CHECK_THAT(refusal([](auto& j) { j["learner"]["learner_model_param"]["num_class"] = "3"; }),
               Contains("num_class: expected one number to predict, found 3"));
    CHECK_THAT(refusal([](auto& j) { j["learner"]["learner_model_param"]["base_score"] = "half"; }),
               Contains("base_score: expected a number in a text, found 'half'"));
    CHECK_THAT(refusal([](auto& j) { j["learner"]["learner_model_param"]["base_score"] = "nan"; }), Contains("base score: expected a finite number"));
    CHECK(refusal([](auto& j) { j["learner"]["learner_model_param"]["base_score"] = "[2.5E-1]"; }) == "accepted");
    CHECK_THAT(refusal([](auto& j) { model_of(j)["gbtree_model_param"]["num_trees"] = "10"; }),
               Contains("num_trees: expected 9, as trees has, found 10"));
    CHECK_THAT(refusal([](auto& j) { model_of(j)["gbtree_model_param"]["num_parallel_tree"] = "4"; }),
               Contains("num_parallel_tree: expected one tree a round"));
    CHECK_THAT(refusal([](auto& j) { j["learner"]["feature_names"].erase(0); }), Contains("learner.feature_names: expected 6 texts"));
    CHECK_THAT(refusal([](auto& j) { j["learner"]["feature_types"][3] = "c"; }), Contains("categorical"));
}

TEST_CASE("what a tree of XGBoost says wrongly is refused with its number") {
    const std::string tree = "m.json, learner.gradient_booster.model.trees[2]";
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["split_type"][0] = 1; }),
               Contains(tree + ".split_type[0]: expected a split by a threshold (0), found one by categories"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["categories"] = {1}; }), Contains(tree + ".categories: expected no splits by categories"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["left_children"].erase(0); }),
               Contains(tree + ".left_children: expected ") && Contains("as tree_param.num_nodes says"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["sum_hessian"].push_back(1.5); }), Contains(tree + ".sum_hessian"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["split_conditions"][0] = "NaN"; }),
               Contains(tree + ".split_conditions[0]: expected a number, found string"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["split_conditions"][0] = nullptr; }), Contains("found null"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["left_children"][0] = 1.5; }),
               Contains(tree + ".left_children[0]: expected a whole number from -1 to 2147483647, found 1.5"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["left_children"][0] = 4000000000000LL; }), Contains("found 4000000000000"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["left_children"][0] = 100000; }), Contains("tree 2, node 0: expected a child from 1 to"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["left_children"][0] = 0; }), Contains("expected a child from 1 to"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["right_children"][0] = tree_of(j)["left_children"][0]; }),
               Contains("tree 2") && Contains("one parent"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["split_indices"][0] = 6; }), Contains("a feature below 6, found 6"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["parents"][1] = 7; }), Contains(tree + ".parents[1]: expected 0, whose child it is, found 7"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["default_left"][0] = 2; }),
               Contains("default_left[0]: expected a whole number from 0 to 1, found 2"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["tree_param"]["num_feature"] = "7"; }),
               Contains("num_feature: expected 6 as in learner_model_param, found 7"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["tree_param"]["num_nodes"] = "2000000000"; }), Contains("expected 2000000000 entries"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["tree_param"]["num_nodes"] = "-3"; }),
               Contains("num_nodes: expected a whole number of 0 or more in a text, found '-3'"));
    CHECK_THAT(refusal([](auto& j) { tree_of(j)["split_condition"] = 3; }), Contains("a member that is known here") && Contains("split_conditions"));
}

TEST_CASE("nodes that pruning removed are left out") {
    xgboost_model m{surrogate::boosted_trees{2, 0, {}}, "reg:squarederror", {}, {}, {}};
    surrogate::regression_tree t;
    t.add_leaf(0);
    t.split(0, 1, 0.5F, surrogate::missing_side::left);
    t.value = {0, 3, 4};
    m.trees = surrogate::boosted_trees{2, 0, {t}};
    auto j = nlohmann::json::parse(surrogate::xgboost_json(m));
    // Nodes 1 and 2 are what is left of a split of another node; 3 and 4 are the leaves.
    auto& one = model_of(j)["trees"][0];
    one["left_children"] = {3, -1, -1, -1, -1};
    one["right_children"] = {4, -1, -1, -1, -1};
    one["split_indices"] = {1, 2147483647, 2147483647, 0, 0};
    one["parents"] = {2147483647, 2147483647, 0, 0, 0};
    one["default_left"] = {1, 0, 0, 0, 0};
    one["split_conditions"] = {0.5, 8, 9, 3, 4};
    for (const char* const name : {"base_weights", "loss_changes", "sum_hessian", "split_type"}) one[name] = std::vector<int>(5);
    one["tree_param"]["num_nodes"] = "5";
    one["tree_param"]["num_deleted"] = "2";
    const auto read = surrogate::parse_xgboost_json(j.dump(), "m");
    REQUIRE(read.trees.trees()[0].nodes() == 3);
    CHECK(read.trees.predict(std::vector<float>{0, 0}) == 3);
    CHECK(read.trees.predict(std::vector<float>{0, 1}) == 4);
    one["split_indices"][1] = 0; // stands apart without the mark
    CHECK_THROWS_WITH(surrogate::parse_xgboost_json(j.dump(), "m"), Contains("the root reaches all"));
}

TEST_CASE("a model cut off anywhere is refused") {
    const auto m = drawn_model();
    const auto text = surrogate::xgboost_json(m), binary = surrogate::xgboost_ubjson(m);
    for (std::size_t size = 0; size < text.size(); size += 61)
        CHECK_THROWS_AS(surrogate::parse_xgboost(std::string_view{text}.substr(0, size), "m"), input_error);
    for (std::size_t size = 0; size < binary.size(); size += 37)
        CHECK_THROWS_AS(surrogate::parse_xgboost(std::string_view{binary}.substr(0, size), "m"), input_error);
}

TEST_CASE("UBJSON is read as its types say, and refused where it asks for what is not there") {
    using namespace std::string_view_literals;
    const auto read = [](std::string_view bytes) {
        return io::parse_ubjson({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, "b.ubj");
    };
    CHECK(read("{i\x01"
               "aU\xFFi\x01"
               "bi\xFF}"sv) == nlohmann::json{{"a", 255}, {"b", -1}});
    CHECK(read("[I\xFF\x00l\x00\x01\x00\x00L\x00\x00\x00\x00\x00\x00\x01\x00]"sv) == nlohmann::json{-256, 65536, 256});
    CHECK(read("[ZTFd\x3F\xC0\x00\x00"
               "D\x3F\xB9\x99\x99\x99\x99\x99\x9ASi\x02hiCx]"sv) == nlohmann::json{nullptr, true, false, 1.5, 0.1, "hi", "x"});
    CHECK(read("N[$d#i\x02\x3F\x80\x00\x00\x40\x00\x00\x00N"sv) == nlohmann::json{1.0, 2.0});
    CHECK(read("[#i\x02i\x01T"sv) == nlohmann::json{1, true});
    CHECK(read("{$i#i\x02i\x01"
               "a\x05i\x01"
               "b\x06"sv) == nlohmann::json{{"a", 5}, {"b", 6}});
    CHECK(read("[[]{}]"sv) == nlohmann::json{nlohmann::json::array(), nlohmann::json::object()});
    CHECK_THAT(binary_refusal(""sv), Contains("b.ubj, byte 0: expected 1 bytes of a value"));
    CHECK_THAT(binary_refusal("[$d#L\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv), Contains("a count of elements that are there, found 9223372036854775807"));
    CHECK_THAT(binary_refusal("[$d#i\x05\x00\x00\x00\x00\x00\x00\x00\x00"sv), Contains("a count of numbers that are there, found 5"));
    CHECK_THAT(binary_refusal("[$Z#i\x05"sv), Contains("since others would need no bytes"));
    CHECK_THAT(binary_refusal("Si\xFF"sv), Contains("a length of 0 or more, found -1"));
    CHECK_THAT(binary_refusal("{i\x01"
                              "aTi\x01"
                              "aT}"sv),
               Contains("each name once in an object, found 'a' twice"));
    CHECK_THAT(binary_refusal("Hi\x01"
                              "1"sv),
               Contains("byte 0: expected a type of UBJSON but numbers of high precision, found 'H'"));
    CHECK_THAT(binary_refusal(std::string(100, '[')), Contains("at most 64 levels"));
    CHECK_THAT(binary_refusal("TT"sv), Contains("the end of the document"));
}

TEST_CASE("what JSON cannot hold is refused instead of written") {
    surrogate::regression_tree t;
    t.add_leaf(0);
    t.split(0, 0, std::numeric_limits<float>::infinity(), surrogate::missing_side::left);
    const xgboost_model m{surrogate::boosted_trees{1, 0.5F, {t}}, "reg:squarederror", {}, {}, {}};
    CHECK_THROWS_WITH(surrogate::xgboost_json(m), Contains("split_conditions[0]: expected a finite number, found inf"));
    CHECK(surrogate::parse_xgboost(surrogate::xgboost_ubjson(m), "m").trees.predict(std::vector<float>{1}) == 0.5);
}
