#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/optimizer/bayes/acquisition.hpp>
#include <verdant/optimizer/bayes/acquisition_search.hpp>
#include <verdant/optimizer/bayes/point_search.hpp>
#include <verdant/surrogate/gp/gp_fit.hpp>

#include <cstddef>
#include <cstdint>

namespace verdant {

/// What `bayes` models of an objective.
enum class modelled_values : std::uint8_t {
    automatic, ///< `ranked` where there is one objective, no constraint, and some parameter has no order, else `measured`
    measured,  ///< winsorised and standardised measurements: published
    ranked     ///< the quantiles of the normal distribution at their ranks; only where there is one objective and no constraint
};

/// Options of `bayes`.
/// @tparam Acquisition see `bayes`
template <acquisition_policy Acquisition>
struct bayes_options {
    std::size_t batch = 1; ///< points of one suggestion, chosen one after another with the earlier ones pending
    std::size_t initial = 0; ///< points of the Sobol start; 0: max(5, 2 x parameters), published
    std::size_t draws = 5; ///< maximisations of the acquisition, until one of its maxima is a new point; published
    /// Whether the maxima of the relaxed acquisition compete by its value at the points that they round to. The published code takes the best
    /// maximum and rounds it, which gives away what rounding costs.
    bool rank_rounded = true;
    typename Acquisition::options acquisition{};
    acquisition_search_options maximiser{};
    surrogate::gp_fit_options fit{};
    /// Whether the rate of the prior of the length scales is divided by the root of the number of coordinates, as distances in the unit cube grow
    /// by it (Hvarfner, Hellsten, Nardi, "Vanilla Bayesian optimization performs great in high dimensions", ICML 2024). The published prior,
    /// false, expects length scales of 0.5, at which points of 14 coordinates hardly inform each other.
    bool prior_by_dimension = true;
    /// Up to so many observations hyperparameters are fitted anew for each question, as published; beyond, see `refit_growth`.
    std::size_t refit_each = 100;
    /// Hyperparameters are fitted anew whenever there are so many times as many observations; between, new observations join the model with those
    /// that are known.
    double refit_growth = 1.1;
    /// Values of an objective as the model sees them. Without order among the values of parameters an objective jumps, and few networks that do not
    /// work at all stretch its scale until the good ones cannot be told apart: on NAS-Bench-201 ranks miss a tenth of the accuracy that measurements
    /// miss (docs/optimizers.md). On smooth objectives the measurements tell more.
    modelled_values values = modelled_values::automatic;
    point_search_options points{}; ///< of the search among points, see `point_search`

    using described =
        members<named_type<"acquisition", Acquisition>, //
                member<"batch", &bayes_options::batch>, member<"initial", &bayes_options::initial>, member<"draws", &bayes_options::draws>,
                member<"rank_rounded", &bayes_options::rank_rounded>, member<"prior_by_dimension", &bayes_options::prior_by_dimension>,
                member<"acquisition", &bayes_options::acquisition>, member<"maximiser", &bayes_options::maximiser>,
                member<"fit", &bayes_options::fit>, member<"refit_each", &bayes_options::refit_each>,
                member<"refit_growth", &bayes_options::refit_growth>, member<"values", &bayes_options::values, member_role::unrecorded>,
                member<"points", &bayes_options::points>>;
};

} // namespace verdant
