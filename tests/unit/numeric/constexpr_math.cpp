#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/numeric/constexpr_math.hpp>

#include <cmath>
#include <limits>

using namespace verdant;

TEST_CASE("the constexpr logarithm and exponential are the standard library's to a few ulp", "[hardware]") {
    for (double x = 1e-12; x < 1e15; x *= 1.37) {
        INFO(x);
        CHECK(surrogate::detail::natural_log(x) == Approx(std::log(x)).epsilon(1e-15).margin(4e-16));
    }
    for (double x = -30; x < 30; x += 0.173) {
        INFO(x);
        CHECK(surrogate::detail::exponential(x) == Approx(std::exp(x)).epsilon(1e-14));
    }
    CHECK(surrogate::detail::natural_log(1.0) == 0.0);
    CHECK(surrogate::detail::exponential(0.0) == 1.0);
}

TEST_CASE("a power law goes through its two points", "[hardware]") {
    CHECK(surrogate::detail::power_law(2, 3, 8, 24, 2) == Approx(3).epsilon(1e-14));
    CHECK(surrogate::detail::power_law(2, 3, 8, 24, 8) == Approx(24).epsilon(1e-14));
    CHECK(surrogate::detail::power_law(1, 5, 4, 10, 16) == Approx(20).epsilon(1e-14));
}

TEST_CASE("logarithm and exponential refuse what they cannot do", "[hardware]") {
    CHECK_THROWS_AS(surrogate::detail::natural_log(0.0), error);
    CHECK_THROWS_AS(surrogate::detail::natural_log(-1.0), error);
    CHECK_THROWS_AS(surrogate::detail::natural_log(std::numeric_limits<double>::quiet_NaN()), error);
    CHECK_THROWS_AS(surrogate::detail::natural_log(std::numeric_limits<double>::infinity()), error);
    CHECK_THROWS_AS(surrogate::detail::exponential(1e3), error);
}
