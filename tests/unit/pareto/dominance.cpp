#include <verdant/pareto/dominance.hpp>

#include "catch.hpp"

#include <array>

using namespace verdant::pareto;
using vec = std::array<double, 3>;

TEST_CASE("Vectors dominate, equal or leave each other alone", "[pareto]") {
    STATIC_REQUIRE(compare(vec{1, 2, 3}, vec{1, 2, 4}) == relation::dominates);
    STATIC_REQUIRE(compare(vec{1, 2, 4}, vec{1, 2, 3}) == relation::dominated);
    STATIC_REQUIRE(compare(vec{1, 2, 3}, vec{1, 2, 3}) == relation::equal);
    STATIC_REQUIRE(compare(vec{1, 3, 3}, vec{1, 2, 4}) == relation::incomparable);
    STATIC_REQUIRE(weakly_dominates(vec{1, 2, 3}, vec{1, 2, 3}));
    STATIC_REQUIRE_FALSE(dominates(vec{1, 2, 3}, vec{1, 2, 3}));
    STATIC_REQUIRE_FALSE(weakly_dominates(vec{1, 2, 4}, vec{1, 2, 3}));
}

TEST_CASE("Feasible beats infeasible, and the smaller violation the larger, whatever the objectives", "[pareto]") {
    constexpr vec good{0, 0, 0}, bad{9, 9, 9};
    STATIC_REQUIRE(dominates(bad, 0, good, 0.1));
    STATIC_REQUIRE(compare(good, 0.1, bad, 0) == relation::dominated);
    STATIC_REQUIRE(dominates(bad, 0.1, good, 0.2));
    STATIC_REQUIRE(compare(good, 0.2, bad, 0.1) == relation::dominated);
    STATIC_REQUIRE(compare(good, 0.2, bad, 0.2) == relation::incomparable);
    STATIC_REQUIRE(dominates(good, 0, bad, 0));
    STATIC_REQUIRE(dominates(good, -1, bad, -2));
}
