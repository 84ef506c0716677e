#pragma once

#include <verdant/error.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace verdant {

/// Closed intervals, one a variable.
class real_box {
public:
    /// Throws `input_error` where there is no variable, a bound is not finite or the lower exceeds the upper.
    real_box(std::vector<double> lower, std::vector<double> upper) : lower_{std::move(lower)}, upper_{std::move(upper)} {
        if (lower_.empty() || lower_.size() != upper_.size())
            throw input_error{"box", "", "as many lower as upper bounds, at least one",
                              std::to_string(lower_.size()) + " lower and " + std::to_string(upper_.size()) + " upper"};
        for (std::size_t j = 0; j < lower_.size(); ++j)
            if (!std::isfinite(lower_[j]) || !std::isfinite(upper_[j]) || lower_[j] > upper_[j])
                throw input_error{"box", "variable " + std::to_string(j), "finite bounds, the lower first",
                                  "[" + std::to_string(lower_[j]) + ", " + std::to_string(upper_[j]) + "]"};
    }

    /// `[0, 1]` for each of `variables`.
    [[nodiscard]] static real_box unit(std::size_t variables) { return {std::vector<double>(variables, 0.0), std::vector<double>(variables, 1.0)}; }

    [[nodiscard]] std::size_t size() const noexcept { return lower_.size(); }
    [[nodiscard]] double lower(std::size_t j) const noexcept { return lower_[j]; }
    [[nodiscard]] double upper(std::size_t j) const noexcept { return upper_[j]; }

private:
    std::vector<double> lower_, upper_;
};

} // namespace verdant
