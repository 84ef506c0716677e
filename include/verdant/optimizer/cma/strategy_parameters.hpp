#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace verdant {

/// The constants of CMA-ES for a number of variables and of samples in a generation (Hansen, "The CMA evolution strategy: a tutorial", arXiv
/// 1604.00772, table 1).
struct strategy_parameters {
    std::vector<double> weights; ///< of the samples, the best first; those of the worse half are negative
    std::size_t parents = 0; ///< samples whose weight is positive
    double effective = 0; ///< mu_eff, how many equal parents these are worth
    double rank_one = 0, rank_mu = 0; ///< learning rates c_1, c_mu of the covariances
    double path_rate = 0, sigma_path_rate = 0; ///< c_c, c_sigma
    double damping = 0; ///< d_sigma
    double path_length = 0; ///< expected length of a standard normal vector

    /// @param variables at least 1 @param samples at least 3
    strategy_parameters(std::size_t variables, std::size_t samples) : weights(samples), parents{samples / 2} { compute(variables, samples); }

    /// How many samples a generation has unless it is told otherwise.
    [[nodiscard]] static std::size_t usual_samples(std::size_t variables) {
        return 4 + static_cast<std::size_t>(3 * std::log(static_cast<double>(std::max<std::size_t>(variables, 1))));
    }

private:
    template <class = instantiated_when_used>
    void compute(std::size_t variables, std::size_t samples);
};

template <class>
void strategy_parameters::compute(std::size_t variables, std::size_t samples) {
    const auto n = static_cast<double>(variables), lambda = static_cast<double>(samples);
    for (std::size_t i = 0; i < samples; ++i) weights[i] = std::log((lambda + 1) / 2) - std::log(static_cast<double>(i + 1));
    double sum = 0, squares = 0, negative = 0, negative_squares = 0;
    for (std::size_t i = 0; i < samples; ++i) {
        (i < parents ? sum : negative) += weights[i];
        (i < parents ? squares : negative_squares) += weights[i] * weights[i];
    }
    effective = sum * sum / squares;
    const double effective_negative = negative * negative / negative_squares;
    rank_one = 2 / ((n + 1.3) * (n + 1.3) + effective);
    rank_mu = std::min(1 - rank_one - 1e-8, 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective));
    const double least = std::min({1 + rank_one / rank_mu, 1 + 2 * effective_negative / (effective + 2), (1 - rank_one - rank_mu) / (n * rank_mu)});
    double size_of_negative = 0;
    for (const double w : weights) size_of_negative += w < 0 ? -w : 0;
    double size_of_positive = 0;
    for (const double w : weights) size_of_positive += w > 0 ? w : 0;
    for (double& w : weights) w *= w >= 0 ? 1 / size_of_positive : least / size_of_negative;
    sigma_path_rate = (effective + 2) / (n + effective + 5);
    damping = 1 + 2 * std::max(0.0, std::sqrt((effective - 1) / (n + 1)) - 1) + sigma_path_rate;
    path_rate = (4 + effective / n) / (n + 4 + 2 * effective / n);
    path_length = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}
VERDANT_DEFINED_ONCE(void strategy_parameters::compute<>(std::size_t, std::size_t));

} // namespace verdant
