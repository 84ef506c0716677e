#include <verdant/numeric/prediction_errors.hpp>

#include "catch.hpp"

#include <cmath>
#include <span>
#include <vector>

using namespace verdant;
using Catch::Contains;

TEST_CASE("Errors of predictions, also of numbers that are zero", "[surrogate]") {
    const std::vector<float> predicted{1, 2, 5};
    const std::vector<double> actual{2, -4, 0};
    const auto e = surrogate::errors_of(std::span<const float>{predicted}, std::span<const double>{actual});
    CHECK(e.mean_squared == Approx((1 + 36 + 25) / 3.0));
    CHECK(e.mean_absolute == Approx(4));
    CHECK(e.greatest == 6);
    CHECK(e.relative > 1e15);
    CHECK(e.relative_beyond_zero == Approx(1));
    CHECK(e.near_zero == 1);
    CHECK(e.predicted.mean == Approx(8.0 / 3));
    CHECK(e.actual.variance == Approx(56.0 / 9));
    CHECK(e.actual.deviation() == Approx(std::sqrt(56.0 / 9)));
    const std::vector<double> zero{0};
    CHECK(std::isnan(surrogate::errors_of(std::span<const double>{zero}, std::span<const double>{zero}).relative_beyond_zero));
    CHECK_THROWS_WITH(surrogate::errors_of(std::span<const double>{zero}, std::span<const double>{actual}), Contains("found 1 for 3"));
    CHECK_THROWS_WITH(surrogate::errors_of(std::span<const double>{}, std::span<const double>{}), Contains("found 0 for 0"));
    CHECK(std::isnan(surrogate::moments_of(std::span<const double>{}).mean));
}
