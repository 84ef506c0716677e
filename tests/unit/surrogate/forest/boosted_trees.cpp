#include <verdant/surrogate/forest/boosted_trees.hpp>

#include "catch.hpp"
#include "laws/regressor.hpp"
#include "unit/surrogate/forest/drawn_trees.hpp"

#include <verdant/error.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace verdant;
using surrogate::boosted_trees;
using surrogate::forest_tree;
using surrogate::regression_tree;
using surrogate::tree_forest;

namespace {

/// x0 < 1.5 ? (x1 < 0.5 ? 1 : 2) : 4, with NaN of x0 to the left and of x1 to the right.
template <class Tree>
Tree small_tree() {
    Tree t;
    t.add_leaf(0);
    t.split(0, 0, 1.5F, surrogate::missing_side::left);
    t.split(1, 1, 0.5F, surrogate::missing_side::right);
    t.value[2] = 4;
    t.value[3] = 1;
    t.value[4] = 2;
    return t;
}

std::string refusal(const regression_tree& t, std::size_t features = 2) {
    try {
        check_tree(t, features, "m.json", "tree 3");
    } catch (const input_error& e) { return e.what(); }
    return "accepted";
}

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

} // namespace

TEST_CASE("boosted trees go left below a threshold, and to the default side without a number") {
    const boosted_trees m{2, 0.5F, {small_tree<regression_tree>()}};
    const auto at = [&](float a, float b) { return m.predict(std::vector{a, b}); };
    CHECK(at(0, 0) == 1.5);
    CHECK(at(0, 0.5F) == 2.5);
    CHECK(at(1.5F, 0) == 4.5);
    CHECK(at(missing, 0) == 1.5);
    CHECK(at(0, missing) == 2.5);
    std::vector<std::int32_t> leaves(1);
    m.leaves(std::vector<float>{0, 1}, leaves);
    CHECK(leaves[0] == 4);
    CHECK(depth_of(m.trees()[0]) == 2);
    CHECK(m.trees()[0].leaves() == 3);
}

TEST_CASE("boosted trees add up in single precision, from the base score on, in the order of the trees") {
    const auto sizes = drawn::domains(9);
    const auto trees = drawn::trees<float>(300, sizes, 4, 1);
    const boosted_trees m{9, 0.5F, trees};
    const auto x = drawn::rows(100, sizes, 2);
    for (std::size_t r = 0; r < 100; ++r) {
        float sum = 0.5F;
        for (const auto& t : trees) {
            std::size_t node = 0;
            while (t.left[node] >= 0) node = static_cast<std::size_t>(x[r * 9 + t.feature[node]] < t.threshold[node] ? t.left[node] : t.right[node]);
            sum += t.value[node];
        }
        CHECK(m.predict(std::span{x}.subspan(r * 9, 9)) == static_cast<double>(sum));
    }
    CHECK(m.first(2) == boosted_trees{9, 0.5F, {trees[0], trees[1]}});
    CHECK(m.first(1000) == m);
}

TEST_CASE("boosted trees and forests obey the laws of regressors") {
    const auto sizes = drawn::domains(7);
    const auto x = drawn::rows(150, sizes, 3);
    laws::obeys_regressor_laws(boosted_trees{7, -1, drawn::trees<float>(40, sizes, 5, 4)}, {x, 7});
    laws::obeys_regressor_laws(boosted_trees{7, 2, {}}, {x, 7});
    laws::obeys_uncertain_regressor_laws(tree_forest{7, drawn::trees<double>(12, sizes, 6, 5)}, {x, 7});
}

TEST_CASE("a forest sends equal numbers to the left and compares in double precision") {
    const tree_forest one{2, {small_tree<forest_tree>()}};
    CHECK(one.predict(std::vector<float>{1.5F, 0.5F}) == 1);
    auto t = small_tree<forest_tree>();
    t.threshold[0] = 1.5 - 1e-12; // in single precision 1.5
    const tree_forest two{2, {small_tree<forest_tree>(), t}};
    CHECK(two.predict_uncertain(std::vector<float>{1.5F, 0}) == surrogate::uncertain_value{2.5, 1.5});
    CHECK_THROWS_WITH(two.predict(std::vector<float>{0, missing}), "verdant: forest, feature 1: expected a number, found nan");
    CHECK_THROWS_AS(tree_forest(2, {}), input_error);
}

TEST_CASE("what is no tree is refused, with its place") {
    using Catch::Contains;
    const auto good = small_tree<regression_tree>();
    CHECK(refusal(good) == "accepted");
    CHECK_THAT(refusal(good, 1), Contains("m.json, tree 3, node 1: expected a feature below 1, found 1"));
    const auto with = [&](auto change) {
        auto t = good;
        change(t);
        return refusal(t);
    };
    CHECK_THAT(with([](auto& t) { t.left[0] = 99; }), Contains("node 0: expected a child from 1 to 4, found 99"));
    CHECK_THAT(with([](auto& t) { t.left[0] = -7; }), Contains("found -7"));
    CHECK_THAT(with([](auto& t) { t.left[1] = 0; }), Contains("node 1: expected a child from 1 to 4, found 0"));
    CHECK_THAT(with([](auto& t) { t.left[1] = 2; }), Contains("node 2: expected one parent, found a second one"));
    CHECK_THAT(with([](auto& t) { t.right[0] = 1; }), Contains("expected one parent"));
    CHECK_THAT(with([](auto& t) { t.right[0] = -1; }), Contains("expected two children or none, found 1 and -1"));
    CHECK_THAT(with([](auto& t) { t.threshold[1] = missing; }), Contains("node 1: expected a threshold, found nan"));
    CHECK_THAT(with([](auto& t) { t.value[3] = std::numeric_limits<float>::infinity(); }), Contains("node 3: expected a finite number in the leaf"));
    CHECK_THAT(with([](auto& t) { t.feature.pop_back(); }), Contains("tree 3, features: expected 5 entries, one a node, found 4"));
    CHECK_THAT(with([](auto& t) { t.gain = {1}; }), Contains("gains"));
    CHECK_THAT(with([](auto& t) { t = {}; }), Contains("at least one node"));
    // A circle apart from the root: 1 and 2 are children of each other.
    regression_tree circle;
    for (int i = 0; i < 5; ++i) circle.add_leaf(0);
    circle.left = {-1, 2, 1, -1, -1};
    circle.right = {-1, 3, 4, -1, -1};
    CHECK_THAT(refusal(circle), Contains("the root reaches all 5 nodes, found 1 that it reaches"));
    CHECK_THROWS_WITH(boosted_trees(2, missing, {}), Contains("base score"));
}
