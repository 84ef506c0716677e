#include <verdant/random/numpy.hpp>

#include "catch.hpp"

#include <verdant/error.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

using namespace verdant;

// Expected values: the documentation of NumPy's permutation.
TEST_CASE("NumPy's permutation of seed 0", "[random]") {
    reference::numpy_random random{0};
    CHECK(random.permutation(10) == std::vector<std::uint32_t>{2, 8, 4, 9, 1, 6, 7, 3, 0, 5});
    CHECK(random.permutation(0).empty());
    CHECK(random.permutation(1) == std::vector<std::uint32_t>{0});
}

TEST_CASE("Many uniform numbers of NumPy at once are those drawn one by one", "[random]") {
    reference::numpy_random one{9}, many{9};
    std::vector<double> all(1000);
    many.uniform(all);
    for (const auto x : all) {
        REQUIRE(x == one.uniform());
        REQUIRE((x >= 0 && x < 1));
    }
}

TEST_CASE("NumPy's bounded draws take every value, and draw nothing where there is one only", "[random]") {
    reference::numpy_random random{1};
    std::array<int, 7> seen{};
    for (int i = 0; i < 700; ++i) ++seen.at(random.below(7));
    CHECK(*std::min_element(seen.begin(), seen.end()) > 50);
    auto before = random;
    CHECK(random.below(1) == 0);
    CHECK(random.uniform() == before.uniform());
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
