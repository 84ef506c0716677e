#include <verdant/numeric/normal_distribution.hpp>

#include "catch.hpp"

#include <cmath>

using namespace verdant;

TEST_CASE("The quantile inverts the probability down to the far tails", "[surrogate]") {
    for (const double p : {1e-300, 1e-20, 1e-9, 1e-3, 0.02425, 0.25, 0.4999, 0.5})
        CHECK(surrogate::normal_probability(surrogate::normal_quantile(p)) == Approx(p).epsilon(1e-12));
    for (const double p : {0.5, 0.75, 0.999}) CHECK(surrogate::normal_quantile(p) == Approx(-surrogate::normal_quantile(1 - p)).margin(1e-12));
    CHECK(surrogate::normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-14));
    CHECK(std::isinf(surrogate::normal_quantile(0)));
    CHECK(std::isinf(surrogate::normal_quantile(1)));
}

TEST_CASE("The density is the derivative of the probability", "[surrogate]") {
    for (const double x : {-3.0, -0.5, 0.0, 1.25}) {
        constexpr double h = 1e-5;
        CHECK((surrogate::normal_probability(x + h) - surrogate::normal_probability(x - h)) / (2 * h) ==
              Approx(surrogate::normal_density(x)).epsilon(1e-8));
    }
}
