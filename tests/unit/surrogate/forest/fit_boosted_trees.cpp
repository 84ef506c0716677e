// Boosted trees are fitted: small cases by hand, both searches against each other, and what options promise.

#include "catch.hpp"
#include "laws/regressor.hpp"

#include <verdant/error.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/boosting_options.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/labelled_rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace surrogate = verdant::surrogate;

namespace {

constexpr auto missing = std::numeric_limits<float>::quiet_NaN();

/// Rows of choices, with a label that depends on pairs of them and some noise.
struct drawn {
    std::vector<float> x;
    std::vector<double> y;
    std::size_t columns = 6;

    explicit drawn(std::size_t rows, std::uint64_t seed = 3, bool gaps = false, std::size_t values = 4) {
        verdant::random_stream random{seed};
        for (std::size_t r = 0; r < rows; ++r) {
            double label = 10;
            for (std::size_t c = 0; c < columns; ++c) {
                x.push_back(static_cast<float>(random.below(values)) * 0.75F);
                label += static_cast<double>(x.back()) * (c % 2 == 0 ? 1.5 : -0.5);
            }
            label += static_cast<double>(x[r * columns] * x[r * columns + 1]) + 0.1 * random.uniform();
            if (gaps && random.chance(0.3)) {
                label += 4 - 1.5 * static_cast<double>(x[r * columns + 2]);
                x[r * columns + 2] = missing;
            }
            y.push_back(label);
        }
    }
    [[nodiscard]] surrogate::labelled_rows rows() const { return {{x, columns}, y}; }
};

double rmse(const surrogate::boosted_trees& m, const surrogate::labelled_rows& rows) {
    double squares = 0;
    for (std::size_t r = 0; r < rows.y.size(); ++r) {
        const double d = m.predict(rows.x[r]) - rows.y[r];
        squares += d * d;
    }
    return std::sqrt(squares / static_cast<double>(rows.y.size()));
}

} // namespace

bool three_rounds(const verdant::surrogate::boosting_round& r) { return r.round < 3; }

TEST_CASE("one stump, by hand") {
    // Base 0: gradients -1, -2, -9, -10. The best threshold is 1.5: sums 3 of 2 rows and 19 of 2 rows, leaves 3 / (2 + 1) and 19 / (2 + 1).
    const std::vector<float> x{0, 1, 2, 3};
    const std::vector<double> y{1, 2, 9, 10};
    for (const auto search : {surrogate::split_search::histogram, surrogate::split_search::exact}) {
        const auto fit = surrogate::fit_boosted_trees({{x, 1}, y}, {.rounds = 1,
                                                                    .rate = 0.5,
                                                                    .depth = 1,
                                                                    .least_weight = 1,
                                                                    .columns_of_level = 1,
                                                                    .search = search,
                                                                    .start = surrogate::boosting_start::given,
                                                                    .base_score = 0});
        const auto& t = fit.model.trees()[0];
        REQUIRE(t.nodes() == 3);
        CHECK(t.threshold[0] == 1.5F);
        CHECK(t.value[1] == 0.5F);
        CHECK(t.value[2] == Approx(19.0 / 3 / 2));
        CHECK(t.cover == std::vector<float>{4, 2, 2});
        CHECK(t.gain[0] == Approx(9.0 / 3 + 361.0 / 3 - 484.0 / 5));
    }
    // An L1 penalty of 4 takes 4 from each sum and all of the smaller one's.
    const auto shrunk = surrogate::fit_boosted_trees({{x, 1}, y}, {.rounds = 1,
                                                                   .rate = 1,
                                                                   .depth = 1,
                                                                   .least_weight = 1,
                                                                   .l1 = 4,
                                                                   .columns_of_level = 1,
                                                                   .start = surrogate::boosting_start::given,
                                                                   .base_score = 0});
    CHECK(shrunk.model.trees()[0].value[1] == 0);
    CHECK(shrunk.model.trees()[0].value[2] == Approx(15.0 / 3));
    // Sides of three rows do not exist, and a gain that is asked for and not reached leaves one leaf.
    CHECK(surrogate::fit_boosted_trees({{x, 1}, y}, {.rounds = 1, .least_weight = 3}).model.trees()[0].nodes() == 1);
    CHECK(surrogate::fit_boosted_trees({{x, 1}, y}, {.rounds = 1, .depth = 1, .least_weight = 1, .least_gain = 1000}).model.trees()[0].nodes() == 1);
}

TEST_CASE("both searches grow the same trees where each value has a bin, with gaps too") {
    for (const bool gaps : {false, true}) {
        const drawn data{400, 5, gaps};
        for (const double gamma : {0.0, 2.0}) {
            surrogate::boosting_options o{.rounds = 30,
                                          .depth = 5,
                                          .least_weight = 3,
                                          .least_gain = gamma,
                                          .columns_of_tree = 0.9,
                                          .columns_of_level = 0.7,
                                          .rows_of_tree = 0.8};
            const auto by_sums = surrogate::fit_boosted_trees(data.rows(), o);
            o.search = surrogate::split_search::exact;
            const auto by_values = surrogate::fit_boosted_trees(data.rows(), o);
            INFO(gaps << ' ' << gamma);
            for (std::size_t r = 0; r < data.y.size(); ++r)
                REQUIRE(by_sums.model.predict(data.rows().x[r]) == Approx(by_values.model.predict(data.rows().x[r])).epsilon(1e-4));
        }
    }
}

TEST_CASE("rows that lack a feature go to the side that fits them better") {
    const drawn data{500, 9, true};
    const auto fit = surrogate::fit_boosted_trees(data.rows(), {.rounds = 300});
    CHECK(rmse(fit.model, data.rows()) < 0.2);
    CHECK(fit.rounds.back().training_rmse == Approx(rmse(fit.model, data.rows())).epsilon(1e-4));
    const auto trees = fit.model.trees();
    CHECK(std::any_of(trees.begin(), trees.end(), [](const auto& t) {
        return std::count(t.default_left.begin(), t.default_left.end(), 0) > std::count(t.left.begin(), t.left.end(), -1);
    }));
    // Features that are missing everywhere or nowhere vary are no splits.
    const std::vector<float> x{missing, 1, missing, 1, missing, 1};
    const std::vector<double> y{1, 2, 3};
    CHECK(surrogate::fit_boosted_trees({{x, 2}, y}, {.rounds = 2, .least_weight = 1}).model.trees()[0].nodes() == 1);
}

TEST_CASE("few bins approximate features of many values") {
    drawn data{2000, 4, false, 1000};
    const auto fine = surrogate::fit_boosted_trees(data.rows(), {.rounds = 100, .search = surrogate::split_search::exact});
    const auto coarse = surrogate::fit_boosted_trees(data.rows(), {.rounds = 100, .bins = 32});
    CHECK(coarse.rounds.back().training_rmse < 2 * fine.rounds.back().training_rmse);
    std::set<float> thresholds;
    for (const auto& t : coarse.model.trees())
        for (std::size_t n = 0; n < t.nodes(); ++n)
            if (!t.leaf(n) && t.feature[n] == 0) thresholds.insert(t.threshold[n]);
    CHECK(thresholds.size() <= 31 * 4); // where bins between are empty in a node, a threshold is the middle of wider gaps
}

TEST_CASE("neither the number of threads nor a second run changes a bit") {
    const drawn data{20000};
    const surrogate::boosting_options o{.rounds = 8, .depth = 6, .columns_of_level = 0.6, .rows_of_tree = 0.9, .seed = 11};
    const auto alone = surrogate::fit_boosted_trees(data.rows(), o);
    verdant::thread_pool pool{4};
    const auto shared = surrogate::fit_boosted_trees(data.rows(), o, {}, surrogate::no_boosting_observer{}, pool);
    CHECK(alone.model == shared.model);
    CHECK_FALSE(alone.model ==
                surrogate::fit_boosted_trees(data.rows(), {.rounds = 8, .depth = 6, .columns_of_level = 0.6, .rows_of_tree = 0.9, .seed = 12}).model);
}

TEST_CASE("a validation set says when to stop and what is kept") {
    const drawn data{300}, unseen{200, 8};
    surrogate::boosting_options o{.rounds = 2000, .rate = 0.3, .depth = 6, .patience = 10};
    const auto fit = surrogate::fit_boosted_trees(data.rows(), o, unseen.rows());
    REQUIRE(fit.stopped_early);
    CHECK(fit.rounds.size() == fit.best_round + 10);
    CHECK(fit.model.trees().size() == fit.best_round);
    for (const auto& r : fit.rounds) CHECK(r.validation_rmse >= fit.rounds[fit.best_round - 1].validation_rmse);
    CHECK(fit.rounds[fit.best_round - 1].validation_rmse == Approx(rmse(fit.model, unseen.rows())).epsilon(1e-4));
    o.keep = surrogate::kept_rounds::all;
    const auto all = surrogate::fit_boosted_trees(data.rows(), o, unseen.rows());
    CHECK(all.model.trees().size() == fit.rounds.size());
    CHECK(all.model.first(fit.best_round) == fit.model);
    // An observer ends it as well.
    std::size_t seen = 0;
    const auto ended =
        surrogate::fit_boosted_trees(data.rows(), o, unseen.rows(), [&](const surrogate::boosting_round& r) { return (seen = r.round) < 5; });
    CHECK(seen == 5);
    CHECK(ended.rounds.size() == 5);
    CHECK(surrogate::fit_boosted_trees(data.rows(), o, unseen.rows(), three_rounds).rounds.size() == 3); // a function
}

TEST_CASE("monotone constraints hold everywhere") {
    drawn data{600};
    verdant::random_stream random{2};
    for (auto& y : data.y) y += 6 * random.uniform(); // noise that free trees would follow
    std::vector<surrogate::monotone> constraints(data.columns, surrogate::monotone::free);
    constraints[0] = surrogate::monotone::rising;
    constraints[1] = surrogate::monotone::falling;
    for (const auto search : {surrogate::split_search::histogram, surrogate::split_search::exact})
        for (const double l1 : {0.0, 0.5}) {
            const auto fit = surrogate::fit_boosted_trees(data.rows(), {.rounds = 60, .depth = 5, .l1 = l1, .search = search}, {},
                                                          surrogate::no_boosting_observer{}, verdant::serial_executor{}, constraints);
            for (std::size_t r = 0; r < 200; ++r) {
                std::vector<float> row(data.rows().x[r].begin(), data.rows().x[r].end());
                for (const std::size_t c : {std::size_t{0}, std::size_t{1}}) {
                    const auto kept = row[c];
                    double before = c == 0 ? -1e9 : 1e9;
                    for (const float v : {0.0F, 0.75F, 1.5F, 2.25F}) {
                        row[c] = v;
                        const auto now = fit.model.predict(std::span<const float>{row});
                        REQUIRE((c == 0 ? now >= before - 1e-4 : now <= before + 1e-4));
                        before = now;
                    }
                    row[c] = kept;
                }
            }
        }
}

TEST_CASE("sampled columns are the only ones that trees use") {
    const drawn data{300};
    const auto fit = surrogate::fit_boosted_trees(data.rows(), {.rounds = 40, .depth = 4, .columns_of_tree = 0.34});
    for (const auto& t : fit.model.trees()) {
        std::set<std::uint32_t> used;
        for (std::size_t n = 0; n < t.nodes(); ++n)
            if (!t.leaf(n)) used.insert(t.feature[n]);
        CHECK(used.size() <= 2); // of six
    }
}

TEST_CASE("fitted trees keep the laws of regressors; what does not fit is refused by name") {
    const drawn data{100};
    laws::obeys_regressor_laws(surrogate::fit_boosted_trees(data.rows(), {.rounds = 20}).model, data.rows().x);
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(data.rows(), {.rate = 0}), Catch::Contains("rate"));
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(data.rows(), {.columns_of_tree = 1.5}), Catch::Contains("columns_of_tree"));
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(data.rows(), {.bins = 1}), Catch::Contains("bins"));
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(data.rows(), {.l2 = std::nan("")}), Catch::Contains("l2"));
    CHECK_THROWS_AS(surrogate::fit_boosted_trees({}), verdant::input_error);
    auto infinite = data;
    infinite.x[8] = std::numeric_limits<float>::infinity();
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(infinite.rows()), Catch::Contains("row 1, feature 2"));
    infinite = data;
    infinite.y[4] = missing;
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(infinite.rows()), Catch::Contains("label of row 4"));
    const std::vector<surrogate::monotone> two(2);
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(data.rows(), {}, {}, surrogate::no_boosting_observer{}, verdant::serial_executor{}, two),
                      Catch::Contains("constraints"));
    CHECK_THROWS_AS(surrogate::fit_boosted_trees(data.rows(), {}, {{infinite.rows().x.values.first(10), 5}, std::span{data.y}.first(2)}),
                    verdant::input_error);
}

TEST_CASE("labels that single precision cannot weigh are refused, not fitted by one number") {
    const drawn data{200};
    const auto scaled = [&data](double by) {
        auto out = data;
        for (auto& y : out.y) y *= by;
        return out;
    };
    for (const double by : {1e15, 1e-3}) {
        const auto some = scaled(by);
        const auto fit = surrogate::fit_boosted_trees(some.rows(), {.rounds = 30, .rate = 0.3, .depth = 3, .l1 = 0}, some.rows());
        CHECK(fit.rounds.back().validation_rmse < 0.8 * fit.rounds.front().validation_rmse);
    }
    const auto huge = scaled(1e25), tiny = scaled(1e-6);
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(huge.rows()),
                      Catch::Contains("boosted trees, labels: expected") && Catch::Contains("larger unit"));
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(data.rows(), {}, huge.rows()), Catch::Contains("boosted trees, validation, labels"));
    auto slip = data;
    slip.y[3] = 1e12; // alone it would decide which round is best
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(data.rows(), {.rounds = 5}, slip.rows()),
                      Catch::Contains("boosted trees, validation, label of row 3"));
    CHECK_THROWS_WITH(surrogate::fit_boosted_trees(tiny.rows()), Catch::Contains("smaller unit"));
    auto equal = data;
    for (auto& y : equal.y) y = 1e-6;
    CHECK(surrogate::fit_boosted_trees(equal.rows(), {.rounds = 3}).model.predict(equal.rows().x[0]) == Approx(1e-6));
}

TEST_CASE("two features with as many bins as there can be are not taken together") {
    std::vector<float> x;
    std::vector<double> y;
    for (int r = 0; r < 65536; ++r) {
        const auto v = r == 0 ? missing : static_cast<float>(r);
        x.insert(x.end(), {v, -v});
        y.push_back(r < 30000 ? 1 : 2);
    }
    const auto fit =
        surrogate::fit_boosted_trees({{x, 2}, y}, {.rounds = 1, .rate = 1, .depth = 1, .l2 = 0, .l1 = 0, .columns_of_level = 1, .bins = 65535});
    CHECK(fit.model.predict(std::span<const float>{x}.subspan(2, 2)) == Approx(1));
    CHECK(fit.model.predict(std::span<const float>{x}.last(2)) == Approx(2));
}
