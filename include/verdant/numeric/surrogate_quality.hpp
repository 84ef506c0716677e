#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/numeric/spearman.hpp>
#include <verdant/numeric/square_scale.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace verdant::surrogate {

/// How well a surrogate predicts, by what Accel-NASBench reports (surrogate_models/utils.py).
struct surrogate_quality {
    double mae = 0, mse = 0, rmse = 0; ///< in the unit of the target, or its square
    double r2 =
        0; ///< coefficient of determination: 1 - sum of squared errors / sum of squared distances from the mean; NaN where the target does not vary
    double kendall_tau = 0; ///< tau-b; NaN where a side does not vary
    double kendall_tau_2_decimals = 0; ///< of predictions that are rounded to two decimals, so that differences that nobody can measure are ties
    double kendall_tau_1_decimal = 0;
    double spearman = 0; ///< NaN where a side does not vary
    double kl_divergence = 0; ///< of the two series, each divided by its sum; see `series_divergence`
};

/// The Kullback-Leibler divergence of two series that are divided by their sums, sum of p log(p / q), as `scipy.stats.entropy(actual, predicted)`
/// gives it: infinite where a prediction is 0 or less and the actual number is not 0, or that number is below 0; NaN where a sum is 0.
/// @throws input_error unless there are equally many numbers, and some
[[nodiscard]] inline double series_divergence(std::span<const double> actual, std::span<const double> predicted) {
    if (actual.size() != predicted.size() || actual.empty())
        throw input_error{"divergence", "", "a prediction for each of some numbers",
                          std::to_string(predicted.size()) + " for " + std::to_string(actual.size())};
    const double p_by = detail::square_scale_of(actual), q_by = detail::square_scale_of(predicted); // since sums may be no doubles
    double p_sum = 0, q_sum = 0;
    for (const double x : actual) p_sum += x * p_by;
    for (const double x : predicted) q_sum += x * q_by;
    if (p_sum == 0 || q_sum == 0) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const double p = actual[i] * p_by / p_sum, q = predicted[i] * q_by / q_sum;
        if (p == 0 && q >= 0) continue;
        if (!(p > 0 && q > 0)) return std::numeric_limits<double>::infinity();
        sum += p * std::log(p / q);
    }
    return sum;
}

/// Numbers rounded to some decimals, halves to the even neighbour, as `numpy.round` does: in units of the last decimal.
[[nodiscard]] inline std::vector<double> rounded_to(std::span<const double> numbers, int decimals) {
    const double scale = std::pow(10.0, decimals);
    std::vector<double> out;
    for (const double x : numbers) out.push_back(std::isinf(x * scale) ? x : std::nearbyint(x * scale) / scale);
    return out;
}

/// @throws input_error unless there are equally many numbers, at least two, none of them NaN
template <class = instantiated_when_used>
[[nodiscard]] surrogate_quality surrogate_quality_of(std::span<const double> predicted, std::span<const double> actual) {
    const auto errors = errors_of(predicted, actual);
    surrogate_quality q;
    q.mae = errors.mean_absolute;
    q.mse = errors.mean_squared;
    q.rmse = std::sqrt(q.mse);
    double mse = q.mse, variance = errors.actual.variance;
    if (const double by = std::min(detail::square_scale_of(predicted), detail::square_scale_of(actual)); by != 1) { // squares may be no doubles
        const auto scaled = [by](std::span<const double> numbers) {
            std::vector<double> out;
            for (const double x : numbers) out.push_back(x * by);
            return out;
        };
        const auto p = scaled(predicted), a = scaled(actual);
        const auto small = errors_of(std::span<const double>{p}, std::span<const double>{a});
        mse = small.mean_squared;
        variance = small.actual.variance;
        q.rmse = std::sqrt(mse) / by;
    }
    // Beside errors so large, the spread of the targets may be none in their scale.
    const bool varies = variance > 0 || errors.actual.variance > 0;
    q.r2 = !varies ? std::numeric_limits<double>::quiet_NaN() : variance > 0 ? 1 - mse / variance : -std::numeric_limits<double>::infinity();
    q.kendall_tau = kendall_tau(predicted, actual);
    q.kendall_tau_2_decimals = kendall_tau(rounded_to(predicted, 2), actual);
    q.kendall_tau_1_decimal = kendall_tau(rounded_to(predicted, 1), actual);
    q.spearman = spearman_rho(predicted, actual);
    q.kl_divergence = series_divergence(actual, predicted);
    return q;
}
VERDANT_DEFINED_ONCE(surrogate_quality surrogate_quality_of<>(std::span<const double>, std::span<const double>));

} // namespace verdant::surrogate
