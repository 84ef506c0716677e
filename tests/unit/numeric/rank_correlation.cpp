#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/numeric/relative_error.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <span>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

/// By the definition, pair by pair.
double slow_tau(const std::vector<double>& x, const std::vector<double>& y) {
    double agreed = 0, in_x = 0, in_y = 0;
    const auto sign = [](double d) { return d > 0 ? 1.0 : d < 0 ? -1.0 : 0.0; };
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const double a = sign(x[i] - x[j]), b = sign(y[i] - y[j]);
            agreed += a * b;
            in_x += a * a;
            in_y += b * b;
        }
    return agreed / std::sqrt(in_x * in_y);
}

} // namespace

TEST_CASE("Kendall's tau of orders without ties", "[surrogate]") {
    const std::vector<double> up{1, 2, 3, 4}, down{9, 7, 5, 3}, nearly{1, 2, 4, 3};
    CHECK(surrogate::kendall_tau(up, up) == 1);
    CHECK(surrogate::kendall_tau(up, down) == -1);
    CHECK(surrogate::kendall_tau(up, nearly) == Approx(4.0 / 6));
}

TEST_CASE("Kendall's tau is tau-b where there are ties", "[surrogate]") {
    // 5 pairs in the same order, none reversed; one tie in x of 6 pairs.
    CHECK(surrogate::kendall_tau(std::vector<double>{1, 1, 2, 3}, std::vector<double>{1, 2, 3, 4}) == Approx(5 / std::sqrt(5.0 * 6)));
    CHECK(surrogate::kendall_tau(std::vector<double>{1, 1, 2, 2}, std::vector<double>{5, 5, 7, 7}) == 1); // tied in both
    CHECK(std::isnan(surrogate::kendall_tau(std::vector<double>{1, 1, 1}, std::vector<double>{1, 2, 3})));
    random_stream random{5};
    for (const std::size_t size : {2U, 3U, 7U, 50U, 64U, 301U})
        for (const std::uint64_t values : {3U, 10U, 1000000U}) {
            std::vector<double> x(size), y(size);
            for (auto& v : x) v = static_cast<double>(random.below(values));
            for (auto& v : y) v = static_cast<double>(random.below(values));
            x[0] = -1; // some pair differs
            y[0] = 2.5;
            INFO(size << " of " << values);
            CHECK(surrogate::kendall_tau(x, y) == Approx(slow_tau(x, y)).margin(1e-12));
        }
}

TEST_CASE("what has no rank correlation", "[surrogate]") {
    const std::vector<double> one{1}, two{1, 2}, three{1, 2, 3}, none{1, std::numeric_limits<double>::quiet_NaN()};
    CHECK_THROWS_WITH(surrogate::kendall_tau(one, one), Contains("at least two"));
    CHECK_THROWS_WITH(surrogate::kendall_tau(two, three), Contains("2 and 3"));
    CHECK_THROWS_WITH(surrogate::kendall_tau(two, none), Contains("NaN"));
}

TEST_CASE("relative errors and their bias", "[surrogate]") {
    const std::vector<double> actual{10, 20, 40}, predicted{11, 18, 40};
    const auto error = surrogate::relative_error_of(predicted, actual);
    CHECK(error.mape == Approx(0.2 / 3));
    CHECK(error.bias == Approx(0).margin(1e-15));
    CHECK(surrogate::relative_error_of(std::vector<double>{5}, std::vector<double>{10}).bias == -0.5);
    CHECK(surrogate::relative_error_of(std::vector<double>{5, 10}, std::vector<double>{10, 20}, 2).mape == 0);
    CHECK(surrogate::best_factor(std::vector<double>{5, 10}, std::vector<double>{10, 20}) == 2);
    // Ratios 1 and 2: (1 + 2) / (1 + 4), and no factor near it is better.
    const std::vector<double> uneven{1, 2}, ones{1, 1};
    CHECK(surrogate::best_factor(uneven, ones) == Approx(0.6));
    CHECK_THROWS_AS(surrogate::best_factor(uneven, std::vector<double>{1, -1}), input_error);
    CHECK_THROWS_WITH(surrogate::relative_error_of(std::vector<double>{1, 2}, std::vector<double>{1, 0}),
                      Contains("number 1") && Contains("above 0"));
    CHECK_THROWS_AS(surrogate::relative_error_of(std::vector<double>{}, std::vector<double>{}), input_error);
}
