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

/// @throws input_error unless there are equally many numbers, and some, and the actual ones are above 0
[[nodiscard]] inline relative_error relative_error_of(std::span<const double> predicted, std::span<const double> actual) {
    if (predicted.size() != actual.size() || actual.empty())
        throw input_error{"relative error", "", "a prediction for each of some numbers",
                          std::to_string(predicted.size()) + " for " + std::to_string(actual.size())};
    relative_error sum;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        if (!(actual[i] > 0)) throw input_error{"relative error", "number " + std::to_string(i), "a number above 0", std::to_string(actual[i])};
        const double share = (predicted[i] - actual[i]) / actual[i];
        sum.mape += std::abs(share);
        sum.bias += share;
    }
    const auto n = static_cast<double>(actual.size());
    return {sum.mape / n, sum.bias / n};
}

} // namespace verdant::surrogate
