#pragma once

#include <algorithm>
#include <cmath>

/// Sums of squares of numbers whose squares are no doubles.
namespace verdant::surrogate::detail {

/// What numbers up to `largest` are multiplied with, so that neither their squares nor sums of these leave the doubles: a power of two, which rounds
/// nothing, and 1 for usual numbers.
[[nodiscard]] inline double square_scale(double largest) {
    const int exponent = largest > 0 ? std::ilogb(largest) : 0;
    return std::abs(exponent) < 256 ? 1.0 : std::ldexp(1.0, std::clamp(-exponent, -1022, 1022));
}
/// The same of the largest of some numbers, by its amount.
template <class Numbers>
[[nodiscard]] double square_scale_of(const Numbers& numbers) {
    double largest = 0;
    for (const double v : numbers) largest = std::max(largest, std::abs(v));
    return square_scale(largest);
}

} // namespace verdant::surrogate::detail
