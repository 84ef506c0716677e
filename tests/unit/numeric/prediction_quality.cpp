#include <verdant/numeric/prediction_quality.hpp>

#include "catch.hpp"

#include <cmath>
#include <span>
#include <utility>
#include <vector>

using namespace verdant;

TEST_CASE("Error and correlation of predictions", "[surrogate]") {
    const std::vector<double> actual{1, 2, 3, 4}, shifted{2, 4, 6, 8}, flat{1, 1, 1, 1}, other{1, 3, 2, 4};
    const auto quality = [&](const std::vector<double>& p) {
        return surrogate::quality_of(std::span<const double>{p}, std::span<const double>{actual});
    };
    CHECK(quality(actual).rmse == 0);
    CHECK(quality(actual).pearson == Approx(1));
    CHECK(quality(shifted).rmse == Approx(std::sqrt(30.0 / 4)));
    CHECK(quality(shifted).pearson == Approx(1));
    CHECK(quality(other).pearson == Approx(0.8));
    CHECK(quality(other).rmse == Approx(std::sqrt(0.5)));
    CHECK(std::isnan(quality(flat).pearson));
    for (const double by : {1e-200, 1e-100, 1e100, 1e200, 4e307}) { // whose squares, or products of these, are no doubles
        std::vector<double> p, a;
        for (std::size_t i = 0; i < actual.size(); ++i) p.push_back(other[i] * by), a.push_back(actual[i] * by);
        const auto far = surrogate::quality_of(std::span<const double>{p}, std::span<const double>{a});
        CHECK(far.pearson == Approx(0.8));
        CHECK(far.rmse / by == Approx(std::sqrt(0.5)));
    }
    for (const auto& [p_by, a_by] : {std::pair{1e150, 1e-10}, {1e200, 1.0}, {1.0, 1e-170}}) { // sides of very different sizes
        std::vector<double> p, a;
        for (std::size_t i = 0; i < actual.size(); ++i) p.push_back(other[i] * p_by), a.push_back(actual[i] * a_by);
        CHECK(surrogate::quality_of(std::span<const double>{p}, std::span<const double>{a}).pearson == Approx(0.8));
    }
    CHECK_THROWS_AS(surrogate::quality_of(std::span<const double>{}, std::span<const double>{}), input_error);
    CHECK_THROWS_AS(surrogate::quality_of(std::span<const double>{actual}.first(2), std::span<const double>{actual}), input_error);
}
