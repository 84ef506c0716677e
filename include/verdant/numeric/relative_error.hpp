#pragma once

#include <verdant/error.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>

namespace verdant::surrogate {

/// How far predictions are off, as shares of what was predicted.
struct relative_error {
    double mape = 0; ///< mean of the absolute errors: 0.1 is ten per cent
    double bias = 0; ///< mean of the signed ones: above 0, predictions are too large
};

/// @param factor for all predictions
/// @throws input_error unless there are equally many numbers, and some, and the actual ones are above 0
[[nodiscard]] inline relative_error relative_error_of(std::span<const double> predicted, std::span<const double> actual, double factor = 1) {
    if (predicted.size() != actual.size() || actual.empty())
        throw input_error{"relative error", "", "a prediction for each of some numbers",
                          std::to_string(predicted.size()) + " for " + std::to_string(actual.size())};
    relative_error sum;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        if (!(actual[i] > 0)) throw input_error{"relative error", "number " + std::to_string(i), "a number above 0", std::to_string(actual[i])};
        const double share = (factor * predicted[i] - actual[i]) / actual[i];
        sum.mape += std::abs(share);
        sum.bias += share;
    }
    const auto n = static_cast<double>(actual.size());
    return {sum.mape / n, sum.bias / n};
}

/// The factor for all predictions with which the sum of the squares of their relative errors is least. @throws input_error as `relative_error_of`
[[nodiscard]] inline double best_factor(std::span<const double> predicted, std::span<const double> actual) {
    (void)relative_error_of(predicted, actual); // checks
    double ratios = 0, squares = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const double ratio = predicted[i] / actual[i];
        ratios += ratio;
        squares += ratio * ratio;
    }
    return squares > 0 ? ratios / squares : 1;
}

} // namespace verdant::surrogate
