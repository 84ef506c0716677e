#pragma once

#include <verdant/meta/component/eigen.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/optimizer/bayes/outcome_model.hpp>
#include <verdant/optimizer/bayes/success_model.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/gp/gp_fit.hpp>
#include <verdant/surrogate/gp/matern_kernel.hpp>
#include <verdant/surrogate/gp/normal_scores.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace verdant::detail {

/// What `bayes` was told, as coordinates and numbers, and the models of it.
template <class = instantiated_when_used>
struct basic_observed_outcomes {
    outcome_goals goals;
    std::size_t dimensions = 0; ///< of the points
    bool ranked = false;        ///< whether the objective is modelled by its ranks
    surrogate::gp_fit_options fit;
    std::size_t refit_each = 0; ///< see `bayes_options`
    double refit_growth = 1;

    std::vector<Eigen::VectorXd> inputs{};      ///< coordinates of the measured points
    std::vector<std::vector<double>> values{};  ///< their outcomes
    std::vector<Eigen::VectorXd> failed{};      ///< points that could not be measured
    std::vector<char> measured{};               ///< of each told point, whether it was measured
    /// What is known of the models, and from how many of the first observations.
    std::pair<std::size_t, std::vector<surrogate::matern_kernel>> kernels{};
    std::pair<std::size_t, std::optional<surrogate::matern_kernel>> success_kernel{};

    /// Takes a told point. @param outcomes of a measured one
    void add(Eigen::VectorXd coordinates, bool is_measured, std::vector<double> outcomes) {
        measured.push_back(is_measured ? 1 : 0);
        (is_measured ? inputs : failed).push_back(std::move(coordinates));
        if (is_measured) values.push_back(std::move(outcomes));
    }
    [[nodiscard]] bool some_failed() const noexcept { return !failed.empty(); }
    /// Forgets all told points.
    void clear() {
        inputs.clear();
        values.clear();
        failed.clear();
        measured.clear();
        kernels = {};
        success_kernel = {};
    }

    /// The model of the first observations.
    /// @param known kernels, one an outcome; nothing is fitted where there are some
    [[nodiscard]] outcome_model modelled(std::size_t count, random_stream& random, std::span<const surrogate::matern_kernel> known = {}) const;

    /// The model of all observations, with hyperparameters of the first of them.
    [[nodiscard]] outcome_model model_of_all();

    /// The model of success of all told points, with hyperparameters of the first of them; those of all while few have failed.
    [[nodiscard]] success_model success_of_all();

    /// Of so many observations, how many there were when hyperparameters were fitted last: a function of the number alone, so that an engine that is
    /// told them anew goes on as the first would.
    [[nodiscard]] std::size_t fitted_at(std::size_t count) const {
        std::size_t at = 2;
        if (count <= refit_each) return std::max(at, count);
        at = std::max(at, refit_each);
        for (auto next = static_cast<double>(at); next <= static_cast<double>(count); next = std::max(next + 1, std::ceil(refit_growth * next)))
            at = static_cast<std::size_t>(next);
        return at;
    }

    /// The model of success of the first told points.
    /// @param known the kernel; it is fitted where null
    [[nodiscard]] success_model modelled_success(std::size_t count, random_stream& random, const surrogate::matern_kernel* known) const {
        Eigen::MatrixXd points(static_cast<Eigen::Index>(dimensions), static_cast<Eigen::Index>(count));
        Eigen::VectorXd successes(static_cast<Eigen::Index>(count));
        for (std::size_t i = 0, good = 0; i < count; ++i) {
            const bool succeeded = measured[i] != 0;
            points.col(static_cast<Eigen::Index>(i)) = succeeded ? inputs[good] : failed[i - good];
            successes[static_cast<Eigen::Index>(i)] = succeeded ? 1 : -1;
            good += succeeded ? 1 : 0;
        }
        return {points, successes, random, fit, known};
    }
};

template <class Deferred>
outcome_model basic_observed_outcomes<Deferred>::modelled(std::size_t count, random_stream& random,
                                                          std::span<const surrogate::matern_kernel> known) const {
    const auto n = static_cast<Eigen::Index>(count);
    Eigen::MatrixXd points(static_cast<Eigen::Index>(dimensions), n), outcomes(n, static_cast<Eigen::Index>(goals.outcomes));
    for (Eigen::Index i = 0; i < n; ++i) {
        points.col(i) = inputs[static_cast<std::size_t>(i)];
        for (Eigen::Index o = 0; o < outcomes.cols(); ++o) outcomes(i, o) = values[static_cast<std::size_t>(i)][static_cast<std::size_t>(o)];
    }
    if (ranked) {
        const auto scores = surrogate::normal_scores({outcomes.data(), count});
        outcomes.col(0) = Eigen::Map<const Eigen::VectorXd>(scores.data(), n);
    }
    return fit_outcomes(points, outcomes, goals, random, fit, known);
}
VERDANT_DEFINED_ONCE(outcome_model basic_observed_outcomes<>::modelled(std::size_t, random_stream&, std::span<const surrogate::matern_kernel>) const);

template <class Deferred>
outcome_model basic_observed_outcomes<Deferred>::model_of_all() {
    const auto first = fitted_at(inputs.size());
    random_stream attempts{first};
    if (kernels.first != first) {
        kernels = {first, {}};
        for (const auto& gp : modelled(first, attempts).outcomes) kernels.second.push_back(gp.kernel());
    }
    return modelled(inputs.size(), attempts, kernels.second);
}
VERDANT_DEFINED_ONCE(outcome_model basic_observed_outcomes<>::model_of_all());

template <class Deferred>
success_model basic_observed_outcomes<Deferred>::success_of_all() {
    constexpr std::ptrdiff_t few = 10;
    auto first = fitted_at(measured.size());
    const auto failures = std::count(measured.begin(), measured.begin() + static_cast<std::ptrdiff_t>(std::min(first, measured.size())), 0);
    if (failures < few || first > measured.size()) first = measured.size();
    random_stream attempts{first};
    if (success_kernel.first != first || !success_kernel.second) success_kernel = {first, modelled_success(first, attempts, nullptr).kernel()};
    return modelled_success(measured.size(), attempts, &*success_kernel.second);
}
VERDANT_DEFINED_ONCE(success_model basic_observed_outcomes<>::success_of_all());

using observed_outcomes = basic_observed_outcomes<>;

} // namespace verdant::detail
