#include <verdant/error.hpp>
#include <verdant/numeric/surrogate_quality.hpp>

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <vector>

using namespace verdant;
using namespace verdant::surrogate;

TEST_CASE("The quality of predictions", "[numeric]") {
    const std::vector<double> actual{1, 2, 3, 4}, predicted{1.5, 2, 2.5, 5};
    const auto q = surrogate_quality_of(predicted, actual);
    CHECK(q.mae == Approx(0.5));
    CHECK(q.mse == Approx(0.375));
    CHECK(q.rmse == Approx(std::sqrt(0.375)));
    CHECK(q.r2 == Approx(1 - 1.5 / 5));
    CHECK(q.kendall_tau == 1);
    CHECK(q.spearman == Approx(1));
    // by hand: p = {1, 2, 3, 4} / 10, q = {1.5, 2, 2.5, 5} / 11
    CHECK(q.kl_divergence == Approx(0.1 * std::log(1.1 / 1.5) + 0.2 * std::log(1.1) + 0.3 * std::log(3.3 / 2.5) + 0.4 * std::log(4.4 / 5)));
}

TEST_CASE("Rounded predictions tie, halves go to the even neighbour", "[numeric]") {
    CHECK(rounded_to(std::vector<double>{0.125, 0.375, -0.125, 2.675, 1.005}, 2) ==
          std::vector<double>{0.12, 0.38, -0.12, 2.68, 1}); // as numpy.round
    CHECK(rounded_to(std::vector<double>{0.25, 0.75}, 1) == std::vector<double>{0.2, 0.8});
    const std::vector<double> actual{1, 2, 3}, predicted{0.11, 0.14, 0.29};
    const auto q = surrogate_quality_of(predicted, actual);
    CHECK(q.kendall_tau == 1);
    CHECK(q.kendall_tau_2_decimals == 1);
    CHECK(q.kendall_tau_1_decimal == Approx(2 / std::sqrt(2.0 * 3)));
}

TEST_CASE("The quality of predictions whose squares and sums are no doubles", "[numeric]") {
    std::vector<double> actual, predicted;
    for (const double x : {1.0, 2.0, 3.0, 4.0}) actual.push_back(x * 4e307);
    for (const double x : {1.5, 2.0, 2.5, 4.25}) predicted.push_back(x * 4e307);
    const auto q = surrogate_quality_of(predicted, actual);
    CHECK(q.rmse / 4e307 == Approx(std::sqrt(0.5625 / 4)));
    CHECK(q.r2 == Approx(1 - 0.5625 / 5));
    CHECK(q.kendall_tau_2_decimals == 1);
    CHECK(q.kl_divergence == Approx(0.1 * std::log(0.1 * 10.25 / 1.5) + 0.2 * std::log(0.2 * 10.25 / 2) + 0.3 * std::log(0.3 * 10.25 / 2.5) +
                                    0.4 * std::log(0.4 * 10.25 / 4.25)));
}

TEST_CASE("Predictions that diverged are infinitely bad, and tiny numbers are numbers", "[numeric]") {
    const std::vector<double> actual{1, 2, 3};
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    CHECK(surrogate_quality_of(std::vector<double>{1, 2, infinity}, actual).r2 == -infinity);
    CHECK(surrogate_quality_of(std::vector<double>{1, 2, 1e200}, actual).r2 == -infinity);
    const auto tiny = surrogate_quality_of(std::vector<double>{1e-200, 2e-200, 4e-200}, std::vector<double>{1e-200, 2e-200, 3e-200});
    CHECK(tiny.rmse / 1e-200 == Approx(std::sqrt(1.0 / 3)));
    CHECK(tiny.r2 == Approx(0.5));
}

TEST_CASE("What has no quality", "[numeric]") {
    const std::vector<double> actual{1, 2, 3}, same{2, 2, 2}, below{1, -2, 3}, two{1, 2};
    CHECK(std::isnan(surrogate_quality_of(same, actual).kendall_tau));
    CHECK(std::isnan(surrogate_quality_of(actual, same).r2));
    CHECK(std::isinf(series_divergence(actual, below)));
    CHECK(std::isnan(series_divergence(actual, std::vector<double>{-1, 0, 1})));
    CHECK(series_divergence(std::vector<double>{0, 1}, std::vector<double>{0, 1}) == 0);
    CHECK_THROWS_AS(surrogate_quality_of(two, actual), input_error);
    CHECK_THROWS_AS(series_divergence(two, actual), input_error);
    CHECK_THROWS_AS(surrogate_quality_of(actual, std::vector<double>{1, std::numeric_limits<double>::quiet_NaN(), 2}), input_error);
}
