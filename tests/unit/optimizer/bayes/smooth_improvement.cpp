#include <verdant/optimizer/bayes/smooth_improvement.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cmath>

using namespace verdant;

namespace {

template <class F>
void slopes_are_right(F f, double x, double h) {
    INFO("at " << x);
    CHECK(f(x).slope == Approx((f(x + h).value - f(x - h).value) / (2 * h)).epsilon(1e-4).margin(1e-12));
}

} // namespace

TEST_CASE("The fat softplus is positive, increasing and close to the positive part", "[optimizer]") {
    constexpr double tau = 1e-3;
    const auto f = [](double x) { return detail::fat_plus(x, tau); };
    double before = 0;
    for (double x = -5; x < 5; x += 0.01) {
        CHECK(f(x).value > before);
        before = f(x).value;
        CHECK(f(x).value == Approx(std::max(0.0, x)).margin(tau));
    }
    for (const double x : {-1.0, -0.02, -0.003, 0.0, 0.0005, 0.01, 2.0}) slopes_are_right(f, x, 1e-6);
    // tail of 0.1 tau^3 / x^2
    CHECK(f(-10).value == Approx(0.1 * tau * tau * tau / 100).epsilon(1e-6));
}

TEST_CASE("The steps rise from 0 to 1 through 1/2", "[optimizer]") {
    const auto fat = [](double x) { return detail::fat_step(x, 0.1); };
    const auto sigmoid = [](double x) { return detail::sigmoid_step(x, 0.1); };
    CHECK(fat(0).value == Approx(0.5));
    CHECK(sigmoid(0).value == 0.5);
    CHECK(fat(-10).value == Approx(2.0 / 3 * 1e-4).epsilon(0.02)); // 2/3 (eta / x)^2
    CHECK(fat(10).value == Approx(1 - 2.0 / 3 * 1e-4).epsilon(1e-5));
    for (const double x : {-3.0, -0.1, -0.01, 0.01, 0.05, 1.0}) {
        slopes_are_right(fat, x, 1e-6);
        slopes_are_right(sigmoid, x, 1e-6);
    }
}

TEST_CASE("The fat minimum is at most the minimum, close to it, and has no jump", "[optimizer]") {
    constexpr double tau = 1e-2;
    const auto f = [](double a) { return detail::fat_min(a, 3, tau); };
    for (double a = 0.01; a < 20; a *= 1.01) {
        CHECK(f(a).value <= std::min(a, 3.0));
        CHECK(f(a).value >= std::min(a, 3.0) * std::exp(-tau * std::log(2)) * (1 - 1e-12));
    }
    for (const double a : {0.5, 1.6, 2.5, 2.98, 3.01, 3.5, 5.5}) slopes_are_right(f, a, 1e-6);
    CHECK(f(6.0000001).value == Approx(f(5.9999999).value).epsilon(1e-7));
    CHECK(f(1.5000001).value == Approx(f(1.4999999).value).epsilon(1e-6));
}
