#pragma once

#include <verdant/error.hpp>
#include <verdant/text/number.hpp>

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace verdant {

/// A number as a whole number of another type, or nothing where it is not finite, not whole, or below `low` or above `high`.
template <std::integral T>
[[nodiscard]] constexpr std::optional<T> whole_within(double value, T low = std::numeric_limits<T>::min(), T high = std::numeric_limits<T>::max()) {
    // 2^63 and 2^64 are doubles, the largest integers below them are not: `value < 2^digits` is exact where `value <= high` would round.
    double limit = 1;
    for (int i = 0; i < std::numeric_limits<T>::digits; ++i) limit *= 2;
    const double least = std::numeric_limits<T>::is_signed ? -limit : 0;
    if (!(value >= least && value < limit)) return std::nullopt;
    const auto whole = static_cast<T>(value);
    if (static_cast<double>(whole) != value || whole < low || whole > high) return std::nullopt;
    return whole;
}

/// The same of a number that a file or an option has. Throws input_error that names it where the number is none such.
/// @param what `a count`, for the text
template <std::integral T>
[[nodiscard]] T whole_number(double value, T low, T high, std::string_view what, std::string_view source, std::string_view place) {
    if (const auto whole = whole_within(value, low, high)) return *whole;
    std::string expected{what};
    expected += high == std::numeric_limits<T>::max() ? ": a whole number from " + std::to_string(low) + " on"
                                                      : ": a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    throw input_error{source, place, expected, exact_text(value)};
}

} // namespace verdant
