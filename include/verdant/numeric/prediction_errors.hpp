#pragma once

#include <verdant/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>

namespace verdant::surrogate {

/// A mean, and the mean of the squared distances from it, of all numbers and not of a sample.
struct mean_and_variance {
    double mean = 0, variance = 0;

    [[nodiscard]] double deviation() const { return std::sqrt(variance); }
};

/// Of no numbers, both are NaN.
template <class Number>
[[nodiscard]] mean_and_variance moments_of(std::span<const Number> numbers) {
    const auto n = static_cast<double>(numbers.size());
    double mean = 0, squares = 0;
    for (const auto x : numbers) mean += static_cast<double>(x);
    mean /= n;
    if (std::isinf(mean)) { // numbers whose sum is no double, and their mean may be one
        mean = 0;
        for (const auto x : numbers) mean += static_cast<double>(x) / n;
    }
    for (const auto x : numbers) squares += (static_cast<double>(x) - mean) * (static_cast<double>(x) - mean);
    return {mean, squares / n};
}

/// How far predictions of any numbers are off; `relative_error` is for numbers above 0.
struct prediction_errors {
    double mean_squared = 0;
    double mean_absolute = 0;         ///< MAE
    double greatest = 0;
    double relative = 0;              ///< MAPE as a share: the mean of errors by the size of the number, or by 2.2e-16 where that is less
    double relative_beyond_zero = 0;  ///< the same of numbers of 1e-9 or more in size alone; NaN where there are none
    std::size_t near_zero = 0;        ///< those that it leaves out
    mean_and_variance predicted, actual;
};

/// The errors that AutoBuild logs and reports (AutoBuild: train_predictor.py; `relative` is that of scikit-learn).
/// @throws input_error unless there are equally many numbers, and some
template <class Predicted, class Actual>
[[nodiscard]] prediction_errors errors_of(std::span<const Predicted> predicted, std::span<const Actual> actual) {
    if (predicted.size() != actual.size() || actual.empty())
        throw input_error{"prediction errors", "", "a prediction for each of some numbers",
                          std::to_string(predicted.size()) + " for " + std::to_string(actual.size())};
    prediction_errors e;
    const auto n = static_cast<double>(actual.size());
    double beyond = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const auto truth = static_cast<double>(actual[i]);
        const double off = std::abs(static_cast<double>(predicted[i]) - truth), size = std::abs(truth);
        e.mean_squared += off * off / n;
        e.mean_absolute += off / n;
        e.greatest = std::max(e.greatest, off);
        e.relative += off / std::max(size, std::numeric_limits<double>::epsilon()) / n;
        if (size < 1e-9) ++e.near_zero;
        else beyond += off / size;
    }
    e.relative_beyond_zero = beyond / (n - static_cast<double>(e.near_zero));
    e.predicted = moments_of(predicted);
    e.actual = moments_of(actual);
    return e;
}

} // namespace verdant::surrogate
