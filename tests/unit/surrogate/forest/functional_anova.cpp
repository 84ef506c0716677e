#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/surrogate/forest/functional_anova.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace {

namespace surrogate = verdant::surrogate;

/// a of {0, 1} and b of {0, 1, 2, 3}: 3 where a is 1 and b above 1, 1 where only a is 1, else 0.
surrogate::forest_tree tree() {
    surrogate::forest_tree t;
    t.add_leaf(0);
    t.split(0, 0, 0.5, surrogate::missing_side::right);
    t.split(2, 1, 1.5, surrogate::missing_side::right);
    t.value[1] = 0;
    t.value[3] = 1;
    t.value[4] = 3;
    return t;
}
const std::vector<std::vector<float>> grid{{0, 1}, {0, 1, 2, 3}};

} // namespace

TEST_CASE("the shares of a tree are those of the function that it is", "[functional_anova]") {
    // Mean 1; variance 1/2 * 1 + 1/4 * 0 + 1/4 * 4 = 1.5. a alone: 0 and 2, so 1. b alone: 0.5 and 1.5, so 0.25. Together the rest.
    const std::vector trees{tree()};
    const auto found = surrogate::functional_anova(trees, grid);
    REQUIRE(found.trees == 1);
    REQUIRE(found.alone.size() == 2);
    CHECK(found.alone[0].mean == Approx(1 / 1.5));
    CHECK(found.alone[1].mean == Approx(0.25 / 1.5));
    REQUIRE(found.pairs.size() == 1);
    CHECK(found.pairs[0].share.mean == Approx(0.25 / 1.5));
    CHECK(found.pairs[0].share.deviation == 0);
}

TEST_CASE("a tree whose leaves are equal explains nothing, however its mean is rounded", "[functional_anova]") {
    const std::vector<std::vector<float>> thirds{{0, 1, 2}, {0, 1, 2, 3, 4, 5, 6}};
    for (const double value : {0.1, 0.7, 1e-3, 60.1}) {
        surrogate::forest_tree equal;
        equal.add_leaf(value);
        equal.split(0, 0, 0.5, surrogate::missing_side::right);
        equal.split(2, 1, 1.5, surrogate::missing_side::right);
        for (const std::size_t leaf : {1U, 3U, 4U}) equal.value[leaf] = value;
        const auto found = surrogate::functional_anova(std::vector{equal}, thirds);
        CHECK(found.trees == 0);
        CHECK(found.alone[0].mean == 0);
    }
    const std::vector<std::vector<float>> none{{0, std::nanf(""), 1}, {0, 1}};
    CHECK_THROWS_WITH(surrogate::functional_anova(std::vector{tree()}, none), Catch::Contains("feature 0: expected ascending values"));
}

TEST_CASE("shares are means over the trees that vary, with their spread", "[functional_anova]") {
    auto only_b = surrogate::forest_tree{};
    only_b.add_leaf(0);
    only_b.split(0, 1, 2.5, surrogate::missing_side::right);
    only_b.value[2] = 8;
    surrogate::forest_tree level;
    level.add_leaf(5);
    const auto found = surrogate::functional_anova(std::vector{tree(), only_b, level}, grid);
    CHECK(found.trees == 2);
    CHECK(found.alone[0].mean == Approx(0.5 / 1.5));
    CHECK(found.alone[0].deviation == Approx(0.5 / 1.5));
    CHECK(found.alone[1].mean == Approx((1 + 0.25 / 1.5) / 2));
    const auto nothing = surrogate::functional_anova(std::vector{level}, grid);
    CHECK(nothing.trees == 0);
    CHECK(nothing.alone[1].mean == 0);
}

TEST_CASE("shares do not depend on the unit, be squares in it beyond the doubles or too small for them", "[functional_anova]") {
    for (const double unit : {1e155, 1e300, 5e307, 1e-160, 1e-300}) {
        CAPTURE(unit);
        auto t = tree();
        for (auto& v : t.value) v *= unit;
        const auto found = surrogate::functional_anova(std::vector{t}, grid);
        REQUIRE(found.trees == 1);
        CHECK(found.alone[0].mean == Approx(1 / 1.5));
        CHECK(found.alone[1].mean == Approx(0.25 / 1.5));
        REQUIRE(found.pairs.size() == 1);
        CHECK(found.pairs[0].share.mean == Approx(0.25 / 1.5));
    }
}

TEST_CASE("a branch that no value of the grid reaches counts nothing", "[functional_anova]") {
    auto t = tree();
    t.threshold[0] = -1; // every a goes right
    const auto found = surrogate::functional_anova(std::vector{t}, grid);
    CHECK(found.alone[0].mean == Approx(0).margin(1e-12));
    CHECK(found.alone[1].mean == Approx(1));
}

TEST_CASE("a grid that does not fit is refused", "[functional_anova]") {
    const std::vector trees{tree()};
    CHECK_THROWS_AS(surrogate::functional_anova(trees, std::vector<std::vector<float>>{{0, 1}}), verdant::input_error);
    CHECK_THROWS_AS(surrogate::functional_anova(trees, std::vector<std::vector<float>>{{0, 1}, {}}), verdant::input_error);
    CHECK_THROWS_AS(surrogate::functional_anova(trees, std::vector<std::vector<float>>{{1, 0}, {1}}), verdant::input_error);
}
