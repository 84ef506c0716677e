#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

/// Line search by the strong Wolfe conditions.
namespace verdant::surrogate {

namespace detail {

/// Minimum of the cubic through two values with slopes, kept off the ends of the bracket.
[[nodiscard]] inline double cubic_minimum(double a, double fa, double da, double b, double fb, double db) noexcept {
    const auto d1 = da + db - 3 * (fa - fb) / (a - b);
    const auto square = d1 * d1 - da * db;
    const auto middle = 0.5 * (a + b);
    if (!(square >= 0)) return middle;
    const auto d2 = std::copysign(std::sqrt(square), b - a);
    const auto t = b - (b - a) * (db + d2 - d1) / (db - da + 2 * d2);
    const auto low = std::min(a, b), high = std::max(a, b), margin = 0.05 * (high - low);
    if (!std::isfinite(t)) return middle;
    return std::clamp(t, low + margin, high - margin);
}

} // namespace detail

/// A step that satisfies the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6) with the constants of
/// L-BFGS-B, 1e-3 and 0.9; where the longest step is reached, or the 20 evaluations are used up, one that satisfies the first.
/// @param f       (step, slope&) -> value along the line; the last call is that of the step chosen
/// @param value,slope at step 0
/// @param first   step tried first
/// @param longest bound of the steps
/// @return false where the slope is not negative or no step satisfies the first condition
template <class F>
[[nodiscard]] bool wolfe_search(F&& f, double value, double slope, double first, double longest) {
    if (!(slope < 0)) return false;
    constexpr double decrease = 1e-3, curvature = 0.9;
    double low = 0, low_value = value, low_slope = slope; // satisfies the first condition, smallest value so far
    double high = std::numeric_limits<double>::infinity(), high_value = 0, high_slope = 0;
    double step = std::min(first, longest), last = 0;
    for (int evaluation = 0; evaluation < 20; ++evaluation) {
        double s = 0;
        const auto v = f(step, s);
        last = step;
        if (!std::isfinite(v) || !std::isfinite(s)) {
            high = step;
            high_value = std::numeric_limits<double>::quiet_NaN();
            step = low + 0.25 * (step - low);
            continue;
        }
        if (v > value + decrease * step * slope || v >= low_value) {
            high = step;
            high_value = v;
            high_slope = s;
        } else {
            if (std::abs(s) <= -curvature * slope || (step >= longest && s < 0)) return true;
            if (s * (std::isfinite(high) ? high - low : 1.0) >= 0) {
                high = low;
                high_value = low_value;
                high_slope = low_slope;
            }
            low = step;
            low_value = v;
            low_slope = s;
        }
        if (!std::isfinite(high)) step = std::min(longest, 4 * step);
        else if (!std::isfinite(high_value)) step = 0.5 * (low + high);
        else step = detail::cubic_minimum(low, low_value, low_slope, high, high_value, high_slope);
        if (std::isfinite(high) && std::abs(high - low) <= 1e-15 * std::max(std::abs(high), std::abs(low))) break;
    }
    if (low == 0) return false;
    if (last != low) {
        double s = 0;
        static_cast<void>(f(low, s));
    }
    return true;
}

} // namespace verdant::surrogate
