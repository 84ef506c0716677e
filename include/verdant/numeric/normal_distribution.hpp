#pragma once

#include <cmath>
#include <limits>
#include <numbers>

/// The standard normal distribution.
namespace verdant::surrogate {

/// Density of the standard normal distribution.
[[nodiscard]] inline double normal_density(double x) noexcept { return std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi); }

/// P(Z <= x) of a standard normal Z; no loss in the lower tail.
[[nodiscard]] inline double normal_probability(double x) noexcept { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// The x with `normal_probability(x) == p`; infinite at 0 and 1. A rational start (Abramowitz and Stegun 26.2.23, error below 4.5e-4) and Halley
/// steps, whose error is cubed by each, down to rounding.
[[nodiscard]] inline double normal_quantile(double p) noexcept {
    if (!(p > 0)) return -std::numeric_limits<double>::infinity();
    if (!(p < 1)) return std::numeric_limits<double>::infinity();
    const auto tail = p < 0.5 ? p : 1 - p; // exact from 0.5 on
    const auto t = std::sqrt(-2 * std::log(tail));
    auto x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
    for (int step = 0; step < 2; ++step) {
        const auto u = (normal_probability(x) - tail) / normal_density(x);
        x -= u / (1 + 0.5 * x * u);
    }
    return p < 0.5 ? x : -x;
}

} // namespace verdant::surrogate
