#include <verdant/error.hpp>
#include <verdant/numeric/class_metrics.hpp>
#include <verdant/random/stream.hpp>

#include "catch.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using namespace verdant::surrogate;

TEST_CASE("a group votes for its most frequent class, of several for the first", "[numeric]") {
    const std::vector<std::int64_t> votes{2, 1, 1, 2, 0, 3, 3};
    const std::vector<std::size_t> groups{0, 0, 0, 0, 1, 1, 1};
    CHECK(majority_votes(votes, groups, 3, 4) == std::vector<std::int64_t>{2, 3, -1});
    CHECK_THROWS_AS(majority_votes(votes, groups, 1, 4), verdant::input_error);
    CHECK_THROWS_AS(majority_votes(votes, groups, 2, 3), verdant::input_error);
}

TEST_CASE("F1 of each class, and their mean", "[numeric]") {
    const std::vector<std::int64_t> targets{0, 0, 0, 1, 1, 2}, predicted{0, 0, 1, 1, 2, 0};
    // tp, fp, fn: 2 1 1, 1 1 1, 0 1 1, and a class that never is.
    CHECK(mean_f1(predicted, targets, 4) == Approx((4.0 / 6 + 2.0 / 4 + 0 + 0) / 4));
    CHECK(mean_f1(targets, targets, 3) == 1);
    CHECK_THROWS_AS(mean_f1(predicted, targets, 2), verdant::input_error);
    CHECK_THROWS_AS(mean_f1({}, {}, 2), verdant::input_error);
}

TEST_CASE("the area under ROC is the share of pairs in the right order", "[numeric]") {
    verdant::random_stream random{4};
    for (int times = 0; times < 20; ++times) {
        std::vector<double> scores;
        std::vector<std::int64_t> targets;
        for (int i = 0; i < 60; ++i) {
            scores.push_back(static_cast<double>(random.below(15))); // with ties
            targets.push_back(random.chance(0.3) ? 1 : 0);
        }
        double right = 0, pairs = 0;
        for (std::size_t i = 0; i < scores.size(); ++i)
            for (std::size_t j = 0; j < scores.size(); ++j)
                if (targets[i] == 1 && targets[j] == 0) {
                    ++pairs;
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
        if (pairs > 0) CHECK(area_under_roc(scores, targets) == Approx(right / pairs));
    }
    CHECK(std::isnan(area_under_roc(std::vector<double>{1, 2}, std::vector<std::int64_t>{1, 1})));
    CHECK_THROWS_AS(area_under_roc(std::vector<double>{std::nan("")}, std::vector<std::int64_t>{1}), verdant::input_error);
}

TEST_CASE("the area under precision over recall is that of trapezoids", "[numeric]") {
    // scikit-learn's example: precision 0.5, 2/3, 0.5, 1, 1 at recall 1, 1, 0.5, 0.5, 0.
    CHECK(area_under_precision_recall(std::vector<double>{0.1, 0.4, 0.35, 0.8}, std::vector<std::int64_t>{0, 0, 1, 1}) ==
          Approx(0.5 * 1 + 0.5 * (2.0 / 3 + 0.5) / 2));
    CHECK(area_under_precision_recall(std::vector<double>{1, 2, 3}, std::vector<std::int64_t>{0, 1, 1}) == Approx(1));
    CHECK(area_under_precision_recall(std::vector<double>{1, 1, 1, 1}, std::vector<std::int64_t>{0, 1, 0, 0}) ==
          Approx((1 + 0.25) / 2)); // one threshold
    CHECK(std::isnan(area_under_precision_recall(std::vector<double>{1}, std::vector<std::int64_t>{0})));
}

TEST_CASE("means leave out what is not a number", "[numeric]") {
    CHECK(mean_without_nan(std::vector<double>{1, std::nan(""), 3}) == 2);
    CHECK(std::isnan(mean_without_nan(std::vector<double>{std::nan("")})));
}
