#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/square_scale.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>

namespace verdant::surrogate {

/// How well numbers were predicted.
struct prediction_quality {
    double rmse = 0;    ///< root of the mean squared error
    double pearson = 0; ///< linear correlation; NaN where one side does not vary
};

/// Throws input_error unless there are equally many numbers, and some.
template <class Predicted, class Actual>
[[nodiscard]] prediction_quality quality_of(std::span<const Predicted> predicted, std::span<const Actual> actual) {
    if (predicted.size() != actual.size() || actual.empty())
        throw input_error{"prediction quality", "", "a prediction for each of some numbers",
                          std::to_string(predicted.size()) + " for " + std::to_string(actual.size())};
    const auto n = static_cast<double>(actual.size());
    // Squares may be no doubles: the correlation does not depend on the scale of either side, the error has one for both.
    const auto scale = [](auto numbers) {
        double largest = 0;
        for (const auto x : numbers) largest = std::max(largest, std::abs(static_cast<double>(x)));
        return detail::square_scale(largest);
    };
    const double p_by = scale(predicted), a_by = scale(actual), by = std::min(p_by, a_by);
    double squares = 0, mean_p = 0, mean_a = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const auto p = static_cast<double>(predicted[i]), a = static_cast<double>(actual[i]);
        squares += (by * p - by * a) * (by * p - by * a);
        mean_p += p_by * p / n;
        mean_a += a_by * a / n;
    }
    double pp = 0, aa = 0, pa = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const auto p = p_by * static_cast<double>(predicted[i]) - mean_p, a = a_by * static_cast<double>(actual[i]) - mean_a;
        pp += p * p;
        aa += a * a;
        pa += p * a;
    }
    const double product = pp * aa, root = std::isnormal(product) ? std::sqrt(product) : std::sqrt(pp) * std::sqrt(aa);
    return {.rmse = std::sqrt(squares / n) / by, .pearson = pp > 0 && aa > 0 ? pa / root : std::numeric_limits<double>::quiet_NaN()};
}

} // namespace verdant::surrogate
