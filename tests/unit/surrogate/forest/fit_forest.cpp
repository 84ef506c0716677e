// Regression trees, forests and extra trees are fitted.

#include "catch.hpp"
#include "laws/regressor.hpp"

#include <verdant/error.hpp>
#include <verdant/parallel/thread_pool.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/forest/fit_forest.hpp>
#include <verdant/surrogate/forest/forest_options.hpp>
#include <verdant/surrogate/forest/regression_tree.hpp>
#include <verdant/surrogate/labelled_rows.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <set>
#include <vector>

namespace surrogate = verdant::surrogate;

namespace {

struct noisy_rows {
    std::vector<float> x;
    std::vector<double> y;
    std::size_t columns = 5;

    /// @param values 0: real numbers
    noisy_rows(std::size_t rows, std::uint64_t values, std::uint64_t seed) {
        verdant::random_stream random{seed};
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t c = 0; c < columns; ++c) x.push_back(values == 0 ? static_cast<float>(random.uniform()) : static_cast<float>(random.below(values)) / static_cast<float>(values));
            const auto* const row = x.data() + r * columns;
            y.push_back(10 * static_cast<double>(row[0]) + 5 * static_cast<double>(row[1] * row[2]) + 0.2 * random.uniform());
        }
    }
    [[nodiscard]] surrogate::labelled_rows rows() const { return {{x, columns}, y}; }
};

template <class Model>
double error_on(const Model& m, const noisy_rows& unseen) {
    double squares = 0;
    for (std::size_t r = 0; r < unseen.y.size(); ++r) squares += std::pow(m.predict(unseen.rows().x[r]) - unseen.y[r], 2);
    return std::sqrt(squares / static_cast<double>(unseen.y.size()));
}

} // namespace

TEST_CASE("one tree, by hand") {
    const std::vector<float> x{0, 5, 1, 5, 2, 5, 3, 5};
    const std::vector<double> y{1, 1, 4, 6};
    const auto t = surrogate::fit_regression_tree({{x, 2}, y});
    REQUIRE(t.nodes() == 5);
    CHECK(t.feature[0] == 0);
    CHECK(t.threshold[0] == 1.5);
    CHECK(t.value[static_cast<std::size_t>(t.left[0])] == 1);
    CHECK(t.threshold[static_cast<std::size_t>(t.right[0])] == 2.5);
    CHECK(surrogate::fit_regression_tree({{x, 2}, y}, {.depth = 1}).nodes() == 3);
    CHECK(surrogate::fit_regression_tree({{x, 2}, y}, {.least_split = 3}).nodes() == 3);
    CHECK(surrogate::fit_regression_tree({{x, 2}, y}, {.least_leaf = 3}).nodes() == 1);
}

TEST_CASE("labels whose squares are beyond the doubles, or too small for them, give the same splits") {
    const noisy_rows data{80, 6, 4};
    const surrogate::forest_options options{.trees = 9, .tree = {.least_leaf = 2}};
    const auto usual = surrogate::fit_random_forest(data.rows(), options), extra = surrogate::fit_extra_trees(data.rows(), {.trees = 9, .bootstrap = false});
    const auto alone = surrogate::fit_regression_tree(data.rows());
    for (const int exponent : {600, 1015, -600, -1000}) {
        CAPTURE(exponent);
        auto scaled = data;
        for (auto& y : scaled.y) y = std::ldexp(y, exponent);
        const auto same = [&](const surrogate::forest_tree& a, const surrogate::forest_tree& b) {
            if (a.feature != b.feature || a.threshold != b.threshold || a.left != b.left) return false;
            for (std::size_t n = 0; n < a.nodes(); ++n)
                if (b.value[n] != Approx(std::ldexp(a.value[n], exponent)).epsilon(1e-12).margin(0)) return false;
            return true;
        };
        CHECK(same(alone, surrogate::fit_regression_tree(scaled.rows())));
        const auto forest = surrogate::fit_random_forest(scaled.rows(), options);
        const auto more = surrogate::fit_extra_trees(scaled.rows(), {.trees = 9, .bootstrap = false});
        for (std::size_t t = 0; t < 9; ++t) CHECK((same(usual.trees()[t], forest.trees()[t]) && same(extra.trees()[t], more.trees()[t])));
        for (std::size_t r = 0; r < 10; ++r) {
            const auto a = usual.predict_uncertain(data.rows().x[r]), b = forest.predict_uncertain(data.rows().x[r]);
            CHECK(std::ldexp(b.mean, -exponent) == Approx(a.mean).epsilon(1e-12));
            CHECK(std::ldexp(b.std, -exponent) == Approx(a.std).epsilon(1e-9));
            CHECK(forest.predict(data.rows().x[r]) == b.mean);
        }
    }
}

TEST_CASE("a forest of the largest numbers has a mean and a deviation, one of equal numbers none") {
    const auto of = [](std::initializer_list<double> values) {
        std::vector<surrogate::forest_tree> trees;
        for (const auto v : values) trees.emplace_back().add_leaf(v);
        return surrogate::tree_forest{1, trees}.predict_uncertain(std::vector<float>{0});
    };
    constexpr auto largest = std::numeric_limits<double>::max();
    CHECK(of({largest, largest, largest}).mean == Approx(largest));
    CHECK(of({largest, -largest}).mean == 0);
    CHECK(of({largest, -largest}).std == Approx(largest));
    CHECK(of({1e160, 3e160}).std == Approx(1e160));
    CHECK(of({1e-200, 3e-200}).std == Approx(1e-200).margin(0));
    CHECK(of({0, 0}).std == 0);
    CHECK(of({1e300, 1e300}).std == 0);
}

TEST_CASE("a tree without limits tells all rows apart, also rows of many values") {
    const noisy_rows data{700, 0, 4};
    const auto t = surrogate::fit_regression_tree(data.rows());
    CHECK(t.leaves() == 700);
    const surrogate::tree_forest alone{data.columns, {t}};
    CHECK(error_on(alone, data) < 1e-12);
}

TEST_CASE("forests predict unseen rows better than their trees, and do not depend on threads") {
    for (const auto values : {std::uint64_t{0}, std::uint64_t{4}}) {
        const noisy_rows data{500, values, 1}, unseen{300, values, 2};
        const surrogate::forest_options o{.trees = 24, .tree = {.columns_of_split = 0.6}, .seed = 5};
        const auto forest = surrogate::fit_random_forest(data.rows(), o);
        const surrogate::tree_forest first{data.columns, {forest.trees()[0]}};
        CHECK(error_on(forest, unseen) < 0.9 * error_on(first, unseen));
        verdant::thread_pool pool{3};
        CHECK(surrogate::fit_random_forest(data.rows(), o, pool) == forest);
        auto other = o;
        other.seed = 6;
        CHECK_FALSE(surrogate::fit_random_forest(data.rows(), other) == forest);
        laws::obeys_uncertain_regressor_laws(forest, unseen.rows().x);

        const auto extra = surrogate::fit_extra_trees(data.rows(), {.trees = 24, .bootstrap = false});
        CHECK(error_on(extra, unseen) < error_on(first, unseen));
        CHECK(error_on(extra, data) < 0.2); // each tree has seen all rows
        laws::obeys_uncertain_regressor_laws(extra, unseen.rows().x);
    }
}

TEST_CASE("thresholds of extra trees are drawn, those of forests stand in the middle") {
    const noisy_rows data{200, 4, 1};
    const auto middle = surrogate::fit_random_forest(data.rows(), {.trees = 5});
    for (const auto& t : middle.trees())
        for (std::size_t n = 0; n < t.nodes(); ++n)
            if (!t.leaf(n)) CHECK(std::abs(t.threshold[n] * 8 - std::round(t.threshold[n] * 8)) < 1e-9);
    const auto drawn = surrogate::fit_extra_trees(data.rows(), {.trees = 5, .bootstrap = false});
    std::set<double> thresholds;
    for (const auto& t : drawn.trees())
        for (std::size_t n = 0; n < t.nodes(); ++n)
            if (!t.leaf(n)) thresholds.insert(t.threshold[n]);
    CHECK(thresholds.size() > 100);
}

TEST_CASE("forests refuse what does not fit") {
    const noisy_rows data{20, 4, 1};
    CHECK_THROWS_WITH(surrogate::fit_random_forest(data.rows(), {.trees = 0}), Catch::Contains("trees"));
    CHECK_THROWS_WITH(surrogate::fit_random_forest(data.rows(), {.tree = {.least_split = 1}}), Catch::Contains("least_split"));
    CHECK_THROWS_WITH(surrogate::fit_random_forest(data.rows(), {.tree = {.columns_of_split = 0}}), Catch::Contains("columns_of_split"));
    auto gap = data;
    gap.x[7] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(surrogate::fit_extra_trees(gap.rows()), Catch::Contains("row 1, feature 2"));
    CHECK_THROWS_AS(surrogate::fit_random_forest({}), verdant::input_error);
}
