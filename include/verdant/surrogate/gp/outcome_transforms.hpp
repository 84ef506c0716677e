#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

/// Transforms outcomes before models are fitted to them.
namespace verdant::surrogate {

/// What is known of an outcome before it is measured: where it stops being of interest.
struct outcome_bounds {
    double low = -std::numeric_limits<double>::infinity(); ///< values below are bad: lower limit, or threshold of a maximised metric
    double high = std::numeric_limits<double>::infinity(); ///< values above are bad
    bool below_is_bad = false; ///< whether the low side is cut; set with `low`, or alone for a maximised metric without threshold
    bool above_is_bad = false;
};

/// Winsorising, then standardising: how observations enter the surrogate (Ax 0.3.7, transforms/winsorize.py). An increasing map between its cuts.
class outcome_transform {
public:
    outcome_transform() = default;

    /// Cuts: with the quartiles q1 ("lower") and q3 ("higher"), above max(q3, b) + 1.5 (max(q3, b) - q1) for an upper bound b, below
    /// min(q1, b) - 1.5 (q3 - min(q1, b)) for a lower one. Then mean 0 and variance 1 (n - 1 in the denominator).
    /// @param observed finite numbers, at least one
    outcome_transform(std::span<const double> observed, const outcome_bounds& bounds) {
        std::vector<double> sorted(observed.begin(), observed.end());
        std::sort(sorted.begin(), sorted.end());
        const auto last = static_cast<double>(sorted.size() - 1);
        const auto q1 = sorted[static_cast<std::size_t>(std::floor(0.25 * last))], q3 = sorted[static_cast<std::size_t>(std::ceil(0.75 * last))];
        if (bounds.above_is_bad) {
            const auto edge = std::isfinite(bounds.high) ? std::max(q3, bounds.high) : q3;
            cut_above_ = edge + 1.5 * (edge - q1);
        }
        if (bounds.below_is_bad) {
            const auto edge = std::isfinite(bounds.low) ? std::min(q1, bounds.low) : q1;
            cut_below_ = edge - 1.5 * (q3 - edge);
        }
        // Squares of huge numbers are infinite and those of tiny ones 0: then all is computed in other units, by a power of two.
        const auto size = std::max(std::abs(cut(sorted.front())), std::abs(cut(sorted.back())));
        if (size > 1e140) unit_ = 0x1p-600;
        else if (size > 0 && size < 1e-140) unit_ = 0x1p+400;
        double sum = 0, squares = 0;
        for (const auto v : sorted) sum += unit_ * cut(v);
        mean_ = sum / static_cast<double>(sorted.size());
        for (const auto v : sorted) squares += (unit_ * cut(v) - mean_) * (unit_ * cut(v) - mean_);
        const auto deviation = sorted.size() > 1 ? std::sqrt(squares / last) : 0;
        // A metric that has always been the same is only moved.
        if (deviation > 1e-12 * std::max(1e-300, std::abs(mean_))) scale_ = deviation;
    }

    [[nodiscard]] double cut(double value) const noexcept { return std::clamp(value, cut_below_, cut_above_); }
    /// Of an observation.
    [[nodiscard]] double operator()(double value) const noexcept { return limit(cut(value)); }
    /// Of a limit or threshold, which is not cut.
    [[nodiscard]] double limit(double value) const noexcept { return (unit_ * value - mean_) / scale_; }
    /// Back to the metric.
    [[nodiscard]] double inverse(double value) const noexcept { return (mean_ + scale_ * value) / unit_; }
    [[nodiscard]] double mean() const noexcept { return mean_ / unit_; }
    [[nodiscard]] double scale() const noexcept { return scale_ / unit_; }

private:
    double cut_below_ = -std::numeric_limits<double>::infinity(), cut_above_ = std::numeric_limits<double>::infinity();
    double mean_ = 0, scale_ = 1; ///< in the unit
    double unit_ = 1;             ///< what values are multiplied by
};

} // namespace verdant::surrogate
