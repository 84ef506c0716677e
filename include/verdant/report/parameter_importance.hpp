#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/surrogate/forest/fit_forest.hpp>
#include <verdant/surrogate/forest/functional_anova.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

/// Which parameters decide what a study measured.
namespace verdant {

/// How `parameter_importance` fits its forest.
struct importance_options {
    std::size_t most_trials = 2000; ///< of more, so many are taken evenly from all
    std::size_t trees = 64;
    std::size_t folds = 4; ///< of the cross-validation; the trees are shared out among them
    std::uint64_t seed = 1;
};

/// The shares of a metric's variance that parameters explain, and how far the forest behind them is to be trusted.
struct parameter_importances {
    surrogate::variance_shares shares{}; ///< features are parameters
    double r2 =
        std::numeric_limits<double>::quiet_NaN(); ///< coefficient of determination on held-out trials; NaN where there were too few, or all are equal
    std::size_t trials = 0; ///< that the forest was fitted to
};

namespace detail {

/// Values of a domain are put together where there are more of them than this.
inline constexpr std::size_t most_cells = 1024;

/// The cell of a value: its place, or a share of the domain.
[[nodiscard]] inline float cell_of(std::uint32_t code, std::size_t values) {
    if (code == study_columns::absent) return 0;
    return static_cast<float>(values <= most_cells ? code : code * most_cells / values);
}

/// What the values of some trials are multiplied with so that no square of them leaves the doubles, which shares and R² do not depend on.
[[nodiscard]] inline double squarable_scale(const study_columns& table, std::size_t metric, const std::vector<std::size_t>& rows) {
    double largest = 0;
    for (const auto r : rows) largest = std::max(largest, std::abs(table.metrics[metric].values[r]));
    return surrogate::detail::square_scale(largest);
}

/// The completed trials with a finite value of a metric, evenly thinned.
[[nodiscard]] inline std::vector<std::size_t> fitted_trials(const study_columns& table, std::size_t metric, std::size_t most) {
    std::vector<std::size_t> all, some;
    for (std::size_t t = 0; t < table.trials(); ++t)
        if (std::isfinite(table.metrics[metric].values[t])) all.push_back(t);
    if (all.size() <= most) return all;
    for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
    return some;
}

} // namespace detail

/// Functional analysis of variance (surrogate/forest/functional_anova.hpp) of a metric over the parameters of a study, by random forests that are
/// cross-validated: each fold's forest predicts the trials that it has not seen, and the shares are those of all their trees. A feature is the place
/// of a value in its domain, all values are equally likely, and a parameter that does not exist counts as its first value. Constraints of the space
/// are not regarded.
/// @param metric which of `table.metrics`
/// @return no shares where fewer than 8 trials have a finite value or there is no parameter of several values
template <class Deferred = instantiated_when_used>
[[nodiscard]] parameter_importances parameter_importance(const study_columns& table, std::size_t metric, const importance_options& options = {}) {
    auto rows = detail::fitted_trials(table, metric, options.most_trials);
    const auto columns = table.parameters.size(), folds = options.folds < 2 ? 2 : options.folds;
    parameter_importances out{.trials = rows.size()};
    std::vector<std::vector<float>> grid;
    bool varied = false;
    for (const auto& p : table.parameters) {
        grid.emplace_back();
        for (std::size_t i = 0; i < std::clamp<std::size_t>(p.values.size(), 1, detail::most_cells); ++i)
            grid.back().push_back(static_cast<float>(i));
        varied = varied || p.values.size() > 1;
    }
    if (rows.size() < 8 || !varied) return out;
    // The order of an exhaustive search repeats itself, and so would its folds.
    random_stream random{options.seed};
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[static_cast<std::size_t>(random.below(i))]);
    const auto scale = detail::squarable_scale(table, metric, rows);
    const auto value = [&](std::size_t row) { return scale * table.metrics[metric].values[row]; };
    std::vector<surrogate::forest_tree> trees;
    double errors = 0, sum = 0, squares = 0;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<float> x, held_x;
        std::vector<double> y, held_y;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const bool held = i % folds == fold;
            for (const auto& p : table.parameters) (held ? held_x : x).push_back(detail::cell_of(p.codes[rows[i]], p.values.size()));
            (held ? held_y : y).push_back(value(rows[i]));
        }
        const auto of_fold = (options.trees + folds - 1) / folds;
        const auto forest = surrogate::fit_random_forest(
            {{x, columns}, y}, {.trees = of_fold, .tree = {.least_leaf = 2, .columns_of_split = 5.0 / 6}, .seed = options.seed + fold});
        for (std::size_t i = 0; i < held_y.size(); ++i) {
            const double error = held_y[i] - forest.predict({held_x.data() + i * columns, columns});
            errors += error * error;
            sum += held_y[i];
        }
        trees.insert(trees.end(), forest.trees().begin(), forest.trees().end());
    }
    const bool varies = std::any_of(rows.begin(), rows.end(), [&](std::size_t r) { return value(r) != value(rows[0]); });
    const double mean = sum / static_cast<double>(rows.size()); // rounded, so that equal values may have squares
    for (const auto r : rows) squares += std::pow(value(r) - mean, 2);
    if (varies && squares > 0) out.r2 = 1 - errors / squares;
    out.shares = surrogate::functional_anova<Deferred>(trees, grid);
    return out;
}
VERDANT_DEFINED_ONCE(parameter_importances parameter_importance<>(const study_columns&, std::size_t, const importance_options&));

namespace detail {

// As in `option_slips.hpp`: the names that are written by mistake, between the right ones and in their order.
struct misspelt_importance {
    any_argument most_trials{}, max_trials{}, trials{}, trees{}, tree{}, folds{}, fold{}, seed{}, sed{};
};

/// What is said of them.
template <class Wrong>
struct importance_slip : refusal {
    static_assert(
        fits<Wrong>,
        "verdant: parameter_importance takes no such arguments: the columns of a study, the place of a metric in them and no name, and options, "
        "of which one may be misspelt or out of order; write parameter_importance(columns_of_study(study, \"study.db\"), 0, {.trees = 64})");
};

} // namespace detail

/// Refused: where the arguments are wrong this fits, or the next one, and nothing else does.
template <class Wrong = void>
[[nodiscard]] parameter_importances parameter_importance(const detail::argument_beside<study_columns>&, const detail::any_argument&,
                                                         const detail::misspelt_importance&) {
    static_cast<void>(detail::importance_slip<Wrong>::value);
    return {};
}
/// The same.
template <class Wrong = void>
[[nodiscard]] parameter_importances parameter_importance(const detail::argument_beside<study_columns>&, const detail::any_argument& = {}, ...) {
    static_cast<void>(detail::importance_slip<Wrong>::value);
    return {};
}

} // namespace verdant
