#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/rank_loss.hpp>

#include "catch.hpp"

#include <cstddef>
#include <limits>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

std::vector<double> drawn(random_stream& random, std::size_t n) {
    std::vector<double> x(n);
    for (auto& value : x) value = random.uniform(-3, 3);
    return x;
}

} // namespace

TEST_CASE("The gradients of the loss of ranks are those of differences", "[surrogate]") {
    random_stream random{5};
    constexpr std::size_t n = 9, levels = 3, columns = 4;
    for (const double p : {1.0, 2.0, 3.0}) {
        surrogate::rank_loss<double> loss{{.weight = 0.7}};
        auto predictions = drawn(random, n);
        const auto targets = drawn(random, n);
        auto rows = drawn(random, levels * n * columns);
        std::vector<double> norms(levels * n), of_predictions(n), of_norms(levels * n), gradient(rows.size());
        const auto value = [&] {
            surrogate::row_norms<double>(rows, p, norms);
            return loss(predictions, targets, norms).loss;
        };
        static_cast<void>(value());
        CHECK(loss(predictions, targets, norms, of_predictions, of_norms).loss == value());
        surrogate::pull_back_row_norms<double>(rows, p, norms, of_norms, gradient);
        constexpr double h = 1e-6;
        const auto slope = [&](double& x) {
            const double at = x;
            x = at + h;
            const double above = value();
            x = at - h;
            const double below = value();
            x = at;
            return (above - below) / (2 * h);
        };
        for (std::size_t i = 0; i < n; ++i) CHECK(of_predictions[i] == Approx(slope(predictions[i])).margin(1e-7));
        for (std::size_t i = 0; i < rows.size(); ++i) CHECK(gradient[i] == Approx(slope(rows[i])).margin(1e-7));
    }
}

TEST_CASE("A correlation with what does not vary is 0 and moves nothing", "[surrogate]") {
    surrogate::rank_loss<float> loss;
    const std::vector<float> predictions{1, 2, 3}, targets{1, 2, 4}, same{0.1F, 0.1F, 0.1F}, norms{5, 5, 5};
    std::vector<float> of_predictions(3), of_norms(3, 7);
    auto value = loss(predictions, targets, norms, of_predictions, of_norms);
    CHECK(loss.correlations()[0] == 0);
    CHECK(of_norms == std::vector<float>(3, 0.0F));
    CHECK(value.loss == Approx(1.0 / 3 + 1));
    value = loss(predictions, same, targets, of_predictions, of_norms);
    CHECK(loss.correlations()[0] == 0);
    CHECK(of_norms == std::vector<float>(3, 0.0F));
    // A batch of one, which a training has at the end of an epoch.
    const std::vector<float> one{0.5F};
    value = loss(one, one, one, {}, std::span<float>{of_norms}.first(1));
    CHECK(value.loss == 1);
    CHECK(of_norms[0] == 0);
}

TEST_CASE("The loss of ranks is least where norms far apart have the order of evenly spaced targets", "[surrogate]") {
    surrogate::rank_loss<double> loss;
    const std::vector<double> targets{1, 2, 3, 4}, norms{0, 100, 200, 300, 300, 200, 100, 0};
    const auto value = loss(targets, targets, norms);
    CHECK(loss.correlations()[0] == Approx(1));
    CHECK(loss.correlations()[1] == Approx(-1));
    CHECK(value.squared_error == 0);
    CHECK(value.loss == Approx(1));
    CHECK(loss(targets, targets, {}).loss == 0);
}

TEST_CASE("The loss of ranks refuses lengths and options that make no sense", "[surrogate]") {
    surrogate::rank_loss<double> loss;
    std::vector<double> two(2), three(3);
    CHECK_THROWS_WITH(loss(two, three, three), Contains("found 2, 3 and 3 in all"));
    CHECK_THROWS_WITH(loss(two, two, three), Contains("found 2, 2 and 3 in all"));
    CHECK_THROWS_WITH(loss({}, {}, {}), Contains("and some"));
    CHECK_THROWS_WITH(loss(two, two, two, three), Contains("gradient of predictions: expected 2 numbers, or none, found 3"));
    CHECK_THROWS_WITH((surrogate::rank_loss<double>{{.weight = -1}}), Contains("rank loss, weight"));
    CHECK_THROWS_WITH((surrogate::rank_loss<double>{{.strength = 0}}), Contains("strength"));
    CHECK_THROWS_WITH(surrogate::row_norms<double>(three, 1, two), Contains("3 numbers in 2 rows"));
    CHECK_THROWS_WITH(surrogate::row_norms<double>(two, 0.5, two), Contains("norm, p: expected a number of 1 or more, found 0.5"));
    CHECK_THROWS_WITH(surrogate::pull_back_row_norms<double>(two, 1, two, two, three), Contains("found 3 for 2 and 2 for 2"));
}
