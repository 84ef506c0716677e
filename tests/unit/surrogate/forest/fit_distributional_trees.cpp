// Distributions by natural gradient boosting.

#include "catch.hpp"
#include "laws/regressor.hpp"

#include <verdant/error.hpp>
#include <verdant/numeric/normal_distribution.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/distributional_trees.hpp>
#include <verdant/surrogate/forest/fit_distributional_trees.hpp>
#include <verdant/surrogate/labelled_rows.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace surrogate = verdant::surrogate;

namespace {

/// Labels of mean 100 x0 and standard deviation 1 or 10, by x1.
struct uneven {
    std::vector<float> x;
    std::vector<double> y;
    explicit uneven(std::size_t rows, std::uint64_t seed) {
        verdant::random_stream random{seed};
        for (std::size_t r = 0; r < rows; ++r) {
            x.push_back(static_cast<float>(random.below(4)));
            x.push_back(static_cast<float>(random.below(2)));
            y.push_back(100 * static_cast<double>(x[2 * r]) + (x[2 * r + 1] > 0 ? 10 : 1) * surrogate::normal_quantile(random.uniform() + 0x1.0p-54));
        }
    }
    [[nodiscard]] surrogate::labelled_rows rows() const { return {{x, 2}, y}; }
};

} // namespace

TEST_CASE("means and standard deviations are found where both depend on features") {
    const uneven data{3000, 1}, unseen{1000, 2};
    const auto fit = surrogate::fit_distributional_trees(data.rows(), {.rounds = 300}, unseen.rows());
    for (const float x0 : {0.0F, 1.0F, 2.0F, 3.0F})
        for (const float x1 : {0.0F, 1.0F}) {
            const std::vector<float> row{x0, x1};
            const auto v = fit.model.predict_uncertain(std::span{row});
            const double std = x1 > 0 ? 10 : 1;
            INFO(x0 << ' ' << x1 << ": " << v.mean << ' ' << v.std);
            CHECK(std::abs(v.mean - 100 * static_cast<double>(x0)) < 0.3 * std);
            CHECK(v.std == Approx(std).epsilon(0.2));
        }
    // The loss is the entropy of these distributions at best.
    const double best = (std::log(10.0) + 0.0) / 2 + 0.5 * std::log(2 * std::acos(-1.0)) + 0.5;
    CHECK(fit.rounds[fit.best_round - 1].validation_loss == Approx(best).epsilon(0.05));
    laws::obeys_uncertain_regressor_laws(fit.model, unseen.rows().x.part(0, 20));
}

TEST_CASE("the best round is kept, the unit of labels does not matter, and the same seed gives the same trees") {
    const uneven data{300, 3}, unseen{200, 4};
    const surrogate::distributional_options o{.rounds = 200, .rate = 0.3, .tree = {.depth = 6, .least_leaf = 2}, .patience = 20};
    const auto fit = surrogate::fit_distributional_trees(data.rows(), o, unseen.rows());
    CHECK(fit.rounds.size() == fit.best_round + 20);
    CHECK(fit.model.mean().trees.size() == fit.best_round);
    CHECK(surrogate::fit_distributional_trees(data.rows(), o, unseen.rows()).model == fit.model);
    auto large = data, large_unseen = unseen;
    for (auto* v : {&large, &large_unseen})
        for (auto& y : v->y) y = y * 1024 + 4096;
    const auto scaled = surrogate::fit_distributional_trees(large.rows(), o, large_unseen.rows());
    for (std::size_t r = 0; r < 20; ++r) {
        const auto a = fit.model.predict_uncertain(unseen.rows().x[r]), b = scaled.model.predict_uncertain(unseen.rows().x[r]);
        CHECK(b.mean == Approx(a.mean * 1024 + 4096));
        CHECK(b.std == Approx(a.std * 1024));
    }
}

TEST_CASE("labels whose squares are beyond the doubles, or too small for them, have distributions, too") {
    const uneven data{200, 3}, unseen{50, 4};
    const surrogate::distributional_options o{.rounds = 20, .rate = 0.3, .tree = {.depth = 3, .least_leaf = 2}};
    const auto usual = surrogate::fit_distributional_trees(data.rows(), o, unseen.rows());
    for (const int exponent : {600, 950, -600, -950}) {
        CAPTURE(exponent);
        auto scaled = data, scaled_unseen = unseen;
        for (auto* v : {&scaled, &scaled_unseen})
            for (auto& y : v->y) y = std::ldexp(y, exponent);
        const auto fit = surrogate::fit_distributional_trees(scaled.rows(), o, scaled_unseen.rows());
        CHECK(fit.best_round == usual.best_round);
        CHECK(fit.rounds[5].training_loss == Approx(usual.rounds[5].training_loss + exponent * std::log(2.0)));
        for (std::size_t r = 0; r < 10; ++r) {
            const auto a = usual.model.predict_uncertain(unseen.rows().x[r]), b = fit.model.predict_uncertain(unseen.rows().x[r]);
            CHECK(std::ldexp(b.mean, -exponent) == Approx(a.mean));
            CHECK(std::ldexp(b.std, -exponent) == Approx(a.std));
        }
    }
}

TEST_CASE("distributional trees refuse what does not fit") {
    const uneven data{20, 1};
    CHECK_THROWS_WITH(surrogate::fit_distributional_trees(data.rows(), {.rate = -1}), Catch::Contains("rate"));
    CHECK_THROWS_AS(surrogate::fit_distributional_trees({}), verdant::input_error);
    const std::vector<double> equal(20, 5);
    const auto constant = surrogate::fit_distributional_trees({data.rows().x, equal}, {.rounds = 5});
    CHECK(constant.model.predict(data.rows().x[0]) == Approx(5));
    const std::vector<double> tenths(20, 0.1); // whose mean is rounded
    CHECK(surrogate::fit_distributional_trees({data.rows().x, tenths}, {.rounds = 5}).model.log_std().start > -10);
    CHECK_THROWS_WITH((surrogate::distributional_trees{2, {0, {}}, {0, {surrogate::forest_tree{}}}}), Catch::Contains("log_std"));
}

TEST_CASE("a validation label that would decide alone which round is best is refused by its row") {
    const uneven data{60, 1}, other{30, 2};
    auto wrong = other;
    for (const double absurd : {1e200, -1e200, 1e12, std::numeric_limits<double>::max()}) {
        wrong.y[7] = absurd;
        CHECK_THROWS_WITH(surrogate::fit_distributional_trees(data.rows(), {.rounds = 5}, wrong.rows()),
                          Catch::Contains("distributional trees, validation, label of row 7") && Catch::Contains("standard deviations"));
    }
    // Far off, but not absurd: the likelihoods of all rounds are numbers.
    wrong.y[7] = 1e4;
    for (const auto& r : surrogate::fit_distributional_trees(data.rows(), {.rounds = 5}, wrong.rows()).rounds)
        CHECK(std::isfinite(r.validation_loss));
    // In any unit, and where training labels are equal but for rounding.
    std::vector<double> large(data.y), also(other.y);
    for (auto* all : {&large, &also})
        for (auto& y : *all) y = std::ldexp(y, 1000);
    const surrogate::labelled_rows training{data.rows().x, large}, validation{other.rows().x, also};
    CHECK(std::isfinite(surrogate::fit_distributional_trees(training, {.rounds = 5}, validation).rounds.back().validation_loss));
    const std::vector<double> equal(60, 5);
    CHECK_NOTHROW(surrogate::fit_distributional_trees({data.rows().x, equal}, {.rounds = 5}, other.rows()));
    // Nearly equal ones and those of nothing do not say how far others may lie.
    std::vector<double> nearly(60, 5);
    nearly[0] = 5.00001;
    CHECK_NOTHROW(surrogate::check_validation_labels(std::vector{11.0}, nearly, "labels"));
    CHECK_NOTHROW(surrogate::check_validation_labels(std::vector{2e6}, std::vector<double>(60), "labels"));
    CHECK_THROWS_WITH(surrogate::check_validation_labels(std::vector{1e9}, nearly, "labels"), Catch::Contains("row 0"));
}
