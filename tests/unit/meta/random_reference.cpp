#include <verdant/random_reference.hpp>

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

using namespace verdant;

// Expected values: CPython 3.11 and the documentation of NumPy's permutation.
TEST_CASE("Python's stream, also of seeds of more than 32 bits", "[random]") {
    reference::python_random random{0};
    CHECK(random.bits(32) == 3626764237U);
    random.seed((std::uint64_t{1} << 40) + 5);
    CHECK(random.bits(32) == 2166296868U);
    CHECK(random.bits(32) == 2220160828U);
    CHECK(random.bits(32) == 1153647273U);
    // The same after the same seed, whatever was drawn before.
    reference::python_random again{(std::uint64_t{1} << 40) + 5};
    CHECK(again.bits(32) == 2166296868U);
}

TEST_CASE("NumPy's permutation of seed 0", "[random]") {
    reference::numpy_random random{0};
    CHECK(random.permutation(10) == std::vector<std::uint32_t>{2, 8, 4, 9, 1, 6, 7, 3, 0, 5});
    CHECK(random.permutation(0).empty());
    CHECK(random.permutation(1) == std::vector<std::uint32_t>{0});
}

TEST_CASE("Many uniform numbers at once are those drawn one by one", "[random]") {
    reference::python_random one{9}, many{9};
    std::vector<double> all(1000);
    many.uniform(all);
    for (const auto x : all) {
        REQUIRE(x == one.uniform());
        REQUIRE((x >= 0 && x < 1));
    }
    reference::numpy_random first{9}, second{9};
    first.uniform(all);
    for (const auto x : all) REQUIRE(x == second.uniform());
}

TEST_CASE("Bounded draws stay in bounds and take every value", "[random]") {
    reference::python_random python{1};
    reference::numpy_random numpy{1};
    std::array<int, 7> seen{}, seen_by_numpy{};
    for (int i = 0; i < 700; ++i) {
        ++seen.at(python.below(7));
        ++seen_by_numpy.at(numpy.below(7));
        const auto x = python.between(-2, 2);
        REQUIRE((x >= -2 && x <= 2));
    }
    CHECK(*std::min_element(seen.begin(), seen.end()) > 50);
    CHECK(*std::min_element(seen_by_numpy.begin(), seen_by_numpy.end()) > 50);
    // Of one value there is nothing to draw for NumPy; Python draws all the same.
    auto before = numpy;
    CHECK(numpy.below(1) == 0);
    CHECK(numpy.uniform() == before.uniform());
}

TEST_CASE("A choice by probabilities never takes what has none", "[random]") {
    reference::numpy_random random{4};
    const std::array<double, 4> p{0, 0.2, 0.8, 0};
    std::array<int, 4> seen{};
    for (int i = 0; i < 1000; ++i) ++seen.at(random.choice(p));
    CHECK(seen[0] == 0);
    CHECK(seen[3] == 0);
    CHECK(seen[1] > 120);
    CHECK(seen[1] < 280);
    CHECK_THROWS_AS(random.choice(std::array{0.0, 0.0}), input_error);
    CHECK_THROWS_AS(random.choice(std::array{0.5, -0.5}), input_error);
}
