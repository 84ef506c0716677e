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
    double largest = 0;
    for (const auto x : predicted) largest = std::max(largest, std::abs(static_cast<double>(x)));
    for (const auto x : actual) largest = std::max(largest, std::abs(static_cast<double>(x)));
    const double by = detail::square_scale(largest); // which the correlation does not depend on
    double squares = 0, mean_p = 0, mean_a = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const auto p = by * static_cast<double>(predicted[i]), a = by * static_cast<double>(actual[i]);
        squares += (p - a) * (p - a);
        mean_p += p / n;
        mean_a += a / n;
    }
    double pp = 0, aa = 0, pa = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const auto p = by * static_cast<double>(predicted[i]) - mean_p, a = by * static_cast<double>(actual[i]) - mean_a;
        pp += p * p;
        aa += a * a;
        pa += p * a;
    }
    const double product = pp * aa, root = std::isnormal(product) ? std::sqrt(product) : std::sqrt(pp) * std::sqrt(aa);
    return {.rmse = std::sqrt(squares / n) / by, .pearson = pp > 0 && aa > 0 ? pa / root : std::numeric_limits<double>::quiet_NaN()};
}

} // namespace verdant::surrogate
