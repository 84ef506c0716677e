#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/numeric/prediction_quality.hpp>
#include <verdant/space/point.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/forest/fit_distributional_trees.hpp>
#include <verdant/surrogate/forest/fit_forest.hpp>
#include <verdant/surrogate/kernel/fit_support_vectors.hpp>
#include <verdant/surrogate/labelled_rows.hpp>
#include <verdant/tabular/tuning_spaces.hpp>

#include <cstddef>
#include <span>
#include <vector>

/// What a search for settings of surrogates minimises: any `search` over a space of `tuning_spaces.hpp` with an evaluator of this header tunes a
/// surrogate.
///
///     using tuning = search<tabular::boosting_space, minimize<tabular::validation_rmse>, random_search>;
///     const auto found = tuning{tabular::tune_boosted_trees{training, validation}}.run({.trials = 30});
///     const auto best = tabular::options_at(found.front().front().point);
namespace verdant::tabular {

/// The root of the mean squared error on rows that a surrogate has not learnt from, in the unit of its labels.
struct validation_rmse : metric<"validation_rmse"> {};

namespace detail {

template <class Model>
[[nodiscard]] metrics<validation_rmse> error_of(const Model& model, const surrogate::labelled_rows& validation) {
    std::vector<double> predicted(validation.y.size());
    model.predict(validation.x, predicted);
    return {surrogate::quality_of(std::span<const double>{predicted}, validation.y).rmse};
}

} // namespace detail

/// Evaluators: the settings of a point, fitted to `training` and judged by `validation`, which also ends the fits that take one. Both are views,
/// whose numbers outlive the search. `fixed` has the options that the spaces do not name.
struct tune_boosted_trees {
    surrogate::labelled_rows training, validation;
    surrogate::boosting_options fixed{};
    [[nodiscard]] metrics<validation_rmse> operator()(const point<boosting_space>& p) const {
        return detail::error_of(surrogate::fit_boosted_trees(training, options_at(p, fixed), validation).model, validation);
    }
};
struct tune_random_forest {
    surrogate::labelled_rows training, validation;
    surrogate::forest_options fixed{};
    [[nodiscard]] metrics<validation_rmse> operator()(const point<forest_space>& p) const {
        return detail::error_of(surrogate::fit_random_forest(training, options_at(p, fixed)), validation);
    }
};
struct tune_support_vectors {
    surrogate::labelled_rows training, validation;
    surrogate::support_vector_options fixed{};
    [[nodiscard]] metrics<validation_rmse> operator()(const point<support_vector_space>& p) const {
        return detail::error_of(surrogate::fit_support_vectors(training, options_at(p, fixed)).model, validation);
    }
};
struct tune_distributional_trees {
    surrogate::labelled_rows training, validation;
    surrogate::distributional_options fixed{};
    [[nodiscard]] metrics<validation_rmse> operator()(const point<distributional_space>& p) const {
        return detail::error_of(surrogate::fit_distributional_trees(training, options_at(p, fixed), validation).model, validation);
    }
};

} // namespace verdant::tabular
