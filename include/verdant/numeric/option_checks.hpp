#pragma once

#include <verdant/error.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace verdant {

/// How many of something an option may ask for: more is a negative number that became one without a sign, or more than any memory holds.
inline constexpr std::size_t most_of_an_option = std::numeric_limits<std::int32_t>::max();

/// Throws input_error for a probability, rate or share that is not from 0 to 1.
/// @param source who takes the option
/// @param name   of the option
inline void require_share(std::string_view source, std::string_view name, double value) {
    if (!(value >= 0 && value <= 1)) throw input_error{source, name, "a number from 0 to 1", exact_text(value)};
}

/// Throws input_error for a number that is not finite and above 0.
inline void require_positive(std::string_view source, std::string_view name, double value) {
    if (!(value > 0 && std::isfinite(value))) throw input_error{source, name, "a number above 0", exact_text(value)};
}

/// Throws input_error for a number that is not finite, or below 0.
inline void require_not_negative(std::string_view source, std::string_view name, double value) {
    if (!(value >= 0 && std::isfinite(value))) throw input_error{source, name, "a number of 0 or more", exact_text(value)};
}

/// Throws input_error for a count outside a range.
inline void require_count(std::string_view source, std::string_view name, std::size_t value, std::size_t least, std::size_t most = most_of_an_option) {
    if (value >= least && value <= most) return;
    const auto negative = static_cast<std::int64_t>(value);
    throw input_error{source, name,
                      value < least && most == most_of_an_option ? "at least " + std::to_string(least)
                                                                 : "a number from " + std::to_string(least) + " to " + std::to_string(most),
                      std::to_string(value) + (negative < 0 ? " (" + std::to_string(negative) + " without its sign)" : "")};
}

/// The same of a count whose greatest value means all that there are, or for ever.
inline void require_count_or_all(std::string_view source, std::string_view name, std::size_t value, std::size_t least) {
    if (value != std::numeric_limits<std::size_t>::max()) require_count(source, name, value, least);
}

} // namespace verdant
