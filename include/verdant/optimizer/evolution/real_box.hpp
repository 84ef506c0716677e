#pragma once

#include <verdant/error.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

/// The box that real variables lie in.
namespace verdant {

/// Closed intervals, one a variable.
class real_box {
public:
    /// Throws `input_error` where there is no variable, a bound is not finite or the lower exceeds the upper, and for boxes of such a size that sums
    /// and differences of their values are beyond all numbers.
    real_box(std::vector<double> lower, std::vector<double> upper) : lower_{std::move(lower)}, upper_{std::move(upper)} {
        if (lower_.empty() || lower_.size() != upper_.size())
            throw input_error{"box", "", "as many lower as upper bounds, at least one",
                              std::to_string(lower_.size()) + " lower and " + std::to_string(upper_.size()) + " upper"};
        for (std::size_t j = 0; j < lower_.size(); ++j)
            if (!std::isfinite(lower_[j]) || !std::isfinite(upper_[j]) || lower_[j] > upper_[j])
                throw input_error{"box", "variable " + std::to_string(j), "finite bounds, the lower first", interval_text(j)};
        for (std::size_t j = 0; j < lower_.size(); ++j)
            if (constexpr auto most = std::numeric_limits<double>::max() / 8; lower_[j] < -most || upper_[j] > most)
                throw input_error{"box", "variable " + std::to_string(j), "bounds of at most " + rounded_text(most, 2) + " in size", interval_text(j)};
    }

    /// `[0, 1]` for each of `variables`.
    [[nodiscard]] static real_box unit(std::size_t variables) { return {std::vector<double>(variables, 0.0), std::vector<double>(variables, 1.0)}; }

    [[nodiscard]] std::size_t size() const noexcept { return lower_.size(); }
    [[nodiscard]] double lower(std::size_t j) const noexcept { return lower_[j]; }
    [[nodiscard]] double upper(std::size_t j) const noexcept { return upper_[j]; }
    /// The nearest value of the interval; the lower bound for NaN.
    [[nodiscard]] double inside(std::size_t j, double value) const noexcept { return value >= lower_[j] ? std::min(value, upper_[j]) : lower_[j]; }

private:
    [[nodiscard]] std::string interval_text(std::size_t j) const { return "[" + exact_text(lower_[j]) + ", " + exact_text(upper_[j]) + "]"; }

    std::vector<double> lower_, upper_;
};

} // namespace verdant
