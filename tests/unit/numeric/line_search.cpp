#include <verdant/numeric/line_search.hpp>

#include "catch.hpp"

#include <cmath>

using namespace verdant;

TEST_CASE("Steps meet the strong Wolfe conditions, whatever step is tried first", "[surrogate]") {
    // A quartic with a local maximum between two minima, beside a gentle slope.
    const auto f = [](double t) { return 0.1 * t * t * t * t - t * t * t + 2.6 * t * t - 2 * t; };
    const auto slope = [](double t) { return 0.4 * t * t * t - 3 * t * t + 5.2 * t - 2; };
    for (const double first : {1e-6, 1e-3, 0.1, 1.0, 5.0, 50.0}) {
        double chosen = 0;
        const auto along = [&](double t, double& s) {
            chosen = t;
            s = slope(t);
            return f(t);
        };
        REQUIRE(surrogate::wolfe_search(along, f(0), slope(0), first, 1e6));
        INFO("first step " << first << ", chosen " << chosen);
        CHECK(f(chosen) <= f(0) + 1e-3 * chosen * slope(0));
        CHECK(std::abs(slope(chosen)) <= 0.9 * std::abs(slope(0)));
    }
}

TEST_CASE("The longest step is kept to, and ascent is refused", "[surrogate]") {
    double chosen = 0;
    const auto down = [&](double t, double& s) {
        chosen = t;
        s = -1;
        return -t;
    };
    CHECK(surrogate::wolfe_search(down, 0, -1, 1, 3));
    CHECK(chosen == 3);
    CHECK_FALSE(surrogate::wolfe_search(down, 0, 1, 1, 3));
    const auto up = [](double t, double& s) {
        s = 1;
        return t;
    };
    CHECK_FALSE(surrogate::wolfe_search(up, 0, -1, 1, 3)); // a slope that is wrong
}
