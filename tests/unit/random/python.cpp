#include <verdant/random/python.hpp>

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

using namespace verdant;

// Expected values: CPython 3.11.
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

TEST_CASE("Many uniform numbers of Python at once are those drawn one by one", "[random]") {
    reference::python_random one{9}, many{9};
    std::vector<double> all(1000);
    many.uniform(all);
    for (const auto x : all) {
        REQUIRE(x == one.uniform());
        REQUIRE((x >= 0 && x < 1));
    }
}

TEST_CASE("Python's bounded draws stay in bounds, take every value, and draw even where there is one only", "[random]") {
    reference::python_random random{1};
    std::array<int, 7> seen{};
    for (int i = 0; i < 700; ++i) {
        ++seen.at(random.below(7));
        const auto x = random.between(-2, 2);
        REQUIRE((x >= -2 && x <= 2));
    }
    CHECK(*std::min_element(seen.begin(), seen.end()) > 50);
    auto before = random;
    CHECK(random.below(1) == 0);
    CHECK(random.uniform() != before.uniform());
}

TEST_CASE("Python's shuffle moves every value, also of none and of one", "[random]") {
    // random.seed(12345); x = list(range(5)); random.shuffle(x)
    reference::python_random random{12345};
    std::vector<int> five{0, 1, 2, 3, 4}, one{7}, none;
    random.shuffle(five);
    CHECK(five == std::vector<int>{4, 2, 1, 0, 3});
    random.shuffle(one);
    random.shuffle(none);
    CHECK(one == std::vector<int>{7});
}
