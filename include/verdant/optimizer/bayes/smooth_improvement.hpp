#pragma once

#include <cmath>

/// Smooth forms of improvement, with derivatives.
namespace verdant::detail {

/// A value and its derivative.
struct smooth_value {
    double value = 0, slope = 0;
};

/// Softplus with a fat tail for max(0, x): tau (softplus(t) + 0.1 / (1 + t^2)), t = x / tau
/// (Ament, Daulton, Eriksson, Balandat, Bakshy, "Unexpected improvements to expected improvement", NeurIPS 2023, appendix A.4).
[[nodiscard]] inline smooth_value fat_plus(double x, double tau) noexcept {
    const auto t = x / tau;
    if (t > 1e4) return {x, 1}; // right to 1e-13 of x
    const auto c = 1 / (1 + t * t), tail = 0.1 * c, tail_slope = -0.2 * t * c * c;
    if (t > 40) return {x + tau * tail, 1 + tail_slope};
    if (t < -40) return {tau * tail, tail_slope};
    const auto e = std::exp(-std::abs(t));
    return {tau * ((t > 0 ? t : 0) + std::log1p(e) + tail), (t > 0 ? 1 : e) / (1 + e) + tail_slope};
}

/// Smooth step from 0 to 1 with a tail of 1 / t^2, t = x / eta (same source): 2/3 / (1 + (t - m)^2) below 0 and its mirror image above, where
/// m = sqrt(1/3) is its point of inflection.
[[nodiscard]] inline smooth_value fat_step(double x, double eta) noexcept {
    constexpr double m = 0.57735026918962576;
    const auto t = x / eta, s = t < 0 ? t - m : t + m, c = 1 / (1 + s * s);
    const auto slope = 4.0 / 3 * std::abs(s) * c * c / eta;
    return {t < 0 ? 2.0 / 3 * c : 1 - 2.0 / 3 * c, slope};
}

/// Sigmoid 1 / (1 + exp(-x / eta)), the step of the older qNEHVI.
[[nodiscard]] inline smooth_value sigmoid_step(double x, double eta) noexcept {
    const auto e = std::exp(-std::abs(x) / eta), s = 1 / (1 + e);
    return {x < 0 ? 1 - s : s, s * (1 - s) / eta};
}

/// Smooth minimum of a > 0 and a constant b > 0 in logarithms: min / (1 + 1 / (1 + (log(a / b) / tau)^2))^tau (same source). Where the two are more
/// than a factor of 2 apart it is the minimum; the tail, there below 2e-6, is cut off without a jump.
[[nodiscard]] inline smooth_value fat_min(double a, double b, double tau) noexcept {
    if (a > 2 * b) return {b, 0};
    if (2 * a < b) return {a, 1};
    constexpr double log2 = 0.69314718055994531;
    const auto edge = 1 / (1 + log2 * log2 / (tau * tau));
    const auto t = std::log(a / b) / tau, c = 1 / (1 + t * t), p = c - edge;
    const auto factor = std::exp(-tau * std::log1p(p > 0 ? p : 0));
    const auto least = a < b ? a : b, value = least * factor;
    // d log(value) / d log(a) = [a < b] + 2 t c^2 / (1 + p)
    const auto elasticity = (a < b ? 1 : 0) + 2 * t * c * c / (1 + p);
    return {value, elasticity * value / a};
}

} // namespace verdant::detail
