#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/gp/gaussian_process.hpp>
#include <verdant/surrogate/gp/gp_fit.hpp>
#include <verdant/surrogate/gp/outcome_transforms.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

/// Models of all outcomes of a search, one Gaussian process each.
namespace verdant {

/// Which outcomes are wanted how, as numbers: the goals of a search without their types. An outcome is a metric that is optimised or constrained.
struct outcome_goals {
    struct objective_goal {
        std::size_t outcome = 0;
        bool maximized = false;
        double threshold = std::numeric_limits<double>::quiet_NaN(); ///< NaN where there is none
    };
    struct constraint_goal {
        std::size_t outcome = 0;
        double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
    };
    std::size_t outcomes = 0;
    std::vector<objective_goal> objectives;
    std::vector<constraint_goal> constraints;
};

/// One side of a constraint in the units of the surrogate: it holds where sign * (outcome - limit) <= 0.
struct outcome_limit {
    std::size_t outcome = 0;
    double sign = 1, limit = 0;
};

/// What an acquisition function works with: one Gaussian process an outcome, in transformed units, and the goals in the same units.
struct outcome_model {
    struct objective_of_model {
        std::size_t outcome = 0;
        double sign = 1;      ///< sign * outcome is minimised
        double reference = 0; ///< component of the reference point, of sign * outcome
    };

    Eigen::MatrixXd inputs;  ///< observed points, one a column
    Eigen::MatrixXd targets; ///< transformed observations, one outcome a column
    std::vector<surrogate::gaussian_process> outcomes;
    std::vector<objective_of_model> objectives;
    std::vector<outcome_limit> limits;

    [[nodiscard]] std::size_t dimensions() const noexcept { return static_cast<std::size_t>(inputs.rows()); }
    [[nodiscard]] bool holds(const outcome_limit& l, double value) const noexcept { return l.sign * (value - l.limit) <= 0; }

    /// Objectives of the observed points that satisfy the constraints, one point after another, to be minimised.
    [[nodiscard]] std::vector<double> feasible_objectives() const {
        std::vector<double> rows;
        for (Eigen::Index i = 0; i < targets.rows(); ++i) {
            const bool feasible = std::all_of(limits.begin(), limits.end(),
                                              [&](const outcome_limit& l) { return holds(l, targets(i, static_cast<Eigen::Index>(l.outcome))); });
            if (!feasible) continue;
            for (const auto& o : objectives) rows.push_back(o.sign * targets(i, static_cast<Eigen::Index>(o.outcome)));
        }
        return rows;
    }
    /// The observed points that satisfy the constraints and are not dominated; where none satisfies them the five that break them least.
    /// @return indices of columns of `inputs`, ascending where they satisfy the constraints
    template <class = instantiated_when_used>
    [[nodiscard]] std::vector<Eigen::Index> leading() const;

    [[nodiscard]] std::vector<double> reference() const {
        std::vector<double> r;
        for (const auto& o : objectives) r.push_back(o.reference);
        return r;
    }
};

template <class>
std::vector<Eigen::Index> outcome_model::leading() const {
    std::vector<Eigen::Index> feasible, best;
    std::vector<std::pair<double, Eigen::Index>> excess;
    for (Eigen::Index i = 0; i < targets.rows(); ++i) {
        double sum = 0;
        for (const auto& l : limits) sum += std::max(0.0, l.sign * (targets(i, static_cast<Eigen::Index>(l.outcome)) - l.limit));
        excess.emplace_back(sum, i);
        if (sum == 0) feasible.push_back(i);
    }
    const auto dominates = [&](Eigen::Index a, Eigen::Index b) {
        bool better = false;
        for (const auto& o : objectives) {
            const auto difference = o.sign * (targets(a, static_cast<Eigen::Index>(o.outcome)) - targets(b, static_cast<Eigen::Index>(o.outcome)));
            if (difference > 0) return false;
            better = better || difference < 0;
        }
        return better;
    };
    for (const auto i : feasible)
        if (std::none_of(feasible.begin(), feasible.end(), [&](Eigen::Index j) { return dominates(j, i); })) best.push_back(i);
    if (!best.empty()) return best;
    std::sort(excess.begin(), excess.end());
    for (std::size_t k = 0; k < std::min<std::size_t>(5, excess.size()); ++k) best.push_back(excess[k].second);
    return best;
}
VERDANT_DEFINED_ONCE(std::vector<Eigen::Index> outcome_model::leading<>() const);

namespace detail {

/// What is bad about an outcome, from all goals that name it.
[[nodiscard]] inline surrogate::outcome_bounds bounds_of(std::size_t outcome, const outcome_goals& goals) {
    surrogate::outcome_bounds b;
    const auto upper = [&](double v) {
        // Where goals disagree, the one that lets more through counts.
        b.high = b.above_is_bad && std::isfinite(b.high) ? std::max(b.high, v) : v;
        b.above_is_bad = true;
    };
    const auto lower = [&](double v) {
        b.low = b.below_is_bad && std::isfinite(b.low) ? std::min(b.low, v) : v;
        b.below_is_bad = true;
    };
    for (const auto& c : goals.constraints) {
        if (c.outcome != outcome) continue;
        if (std::isfinite(c.high)) upper(c.high);
        if (std::isfinite(c.low)) lower(c.low);
    }
    for (const auto& o : goals.objectives) {
        if (o.outcome != outcome) continue;
        const auto inf = std::numeric_limits<double>::infinity();
        if (o.maximized) lower(std::isfinite(o.threshold) ? o.threshold : b.below_is_bad ? b.low : inf);
        else upper(std::isfinite(o.threshold) ? o.threshold : b.above_is_bad ? b.high : -inf);
    }
    return b;
}

/// The reference component of an objective that has no threshold: a tenth of the front's extent beyond its worst (Ishibuchi, Akedo, Nojima,
/// "How to specify a reference point in hypervolume calculation", GECCO 2018), or of all observations where the front has no extent.
[[nodiscard]] inline double inferred_reference(std::span<const double> front, std::span<const double> all) {
    const auto range = [](std::span<const double> v) { return std::minmax_element(v.begin(), v.end()); };
    if (front.size() > 1) {
        const auto [least, most] = range(front);
        if (*most > *least) return *most + 0.1 * (*most - *least);
    }
    const auto [least, most] = range(all);
    const auto worst = front.empty() ? *most : front.front();
    return worst + 0.1 * std::max(*most - *least, 1.0);
}

} // namespace detail

/// Transforms observations and fits a process to each outcome (Ax 0.3.7 with BoTorch 0.10).
/// @param inputs one point a column, in [0, 1]; at least one
/// @param values measured outcomes, one point a row, finite
/// @param known  the kernel of each outcome, where they are known: nothing is fitted then
template <class = instantiated_when_used>
[[nodiscard]] outcome_model fit_outcomes(const Eigen::MatrixXd& inputs, const Eigen::MatrixXd& values, const outcome_goals& goals,
                                         random_stream& random, const surrogate::gp_fit_options& options = {},
                                         std::span<const surrogate::matern_kernel> known = {}) {
    outcome_model model;
    model.inputs = inputs;
    model.targets.resizeLike(values);
    std::vector<surrogate::outcome_transform> transforms;
    for (std::size_t o = 0; o < goals.outcomes; ++o) {
        const auto column = static_cast<Eigen::Index>(o);
        const Eigen::VectorXd observed = values.col(column);
        const surrogate::outcome_transform t{{observed.data(), static_cast<std::size_t>(observed.size())}, detail::bounds_of(o, goals)};
        for (Eigen::Index i = 0; i < values.rows(); ++i) model.targets(i, column) = t(values(i, column));
        model.outcomes.push_back(known.empty()
                                     ? surrogate::fit_gaussian_process(inputs, model.targets.col(column), random, options)
                                     : surrogate::gaussian_process::with_likely_mean(inputs, model.targets.col(column), known[o], options.noise));
        transforms.push_back(t);
    }
    for (const auto& c : goals.constraints) {
        if (std::isfinite(c.high)) model.limits.push_back({c.outcome, 1, transforms[c.outcome].limit(c.high)});
        if (std::isfinite(c.low)) model.limits.push_back({c.outcome, -1, transforms[c.outcome].limit(c.low)});
    }
    for (const auto& o : goals.objectives) model.objectives.push_back({o.outcome, o.maximized ? -1.0 : 1.0, 0});
    const auto feasible = model.feasible_objectives();
    const auto m = model.objectives.size();
    for (std::size_t j = 0; j < m; ++j) {
        auto& o = model.objectives[j];
        const auto& goal = goals.objectives[j];
        if (std::isfinite(goal.threshold) && m > 1) {
            o.reference = o.sign * transforms[o.outcome].limit(goal.threshold);
            continue;
        }
        std::vector<double> front, all;
        for (std::size_t i = j; i < feasible.size(); i += m) front.push_back(feasible[i]);
        for (Eigen::Index i = 0; i < values.rows(); ++i) all.push_back(o.sign * model.targets(i, static_cast<Eigen::Index>(o.outcome)));
        o.reference = detail::inferred_reference(front, all);
    }
    return model;
}
VERDANT_DEFINED_ONCE(outcome_model fit_outcomes<>(const Eigen::MatrixXd&, const Eigen::MatrixXd&, const outcome_goals&, random_stream&,
                                                  const surrogate::gp_fit_options&, std::span<const surrogate::matern_kernel>));

} // namespace verdant
