// What is asked of the values of options.
#pragma once

#include <verdant/text/number.hpp>

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace terminal {

/// The number that a whole text is, in the notation of C++ without a sign `+`; nothing where it is none.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view text) {
    Number value{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

/// A validator of CLI11 gives the complaint, or nothing.
template <class Number, class Accepts>
[[nodiscard]] CLI::Validator expected(std::string what, const Accepts& accepts) {
    return {[=](const std::string& text) {
                const auto value = number_in<Number>(text);
                return value && accepts(*value) ? std::string{} : "expected " + what + ", found '" + text + '\'';
            },
            ""};
}

/// A whole number of at least `low`, and at most `high`.
template <class Integer = std::int64_t>
[[nodiscard]] CLI::Validator whole(std::type_identity_t<Integer> low, std::type_identity_t<Integer> high = std::numeric_limits<Integer>::max()) {
    const bool open = high == std::numeric_limits<Integer>::max();
    const auto range = open ? "of at least " + std::to_string(low) : "from " + std::to_string(low) + " to " + std::to_string(high);
    return expected<Integer>("a whole number " + range, [=](Integer value) { return value >= low && value <= high; });
}

/// A number from `low` to `high`. Not-a-number is in no range.
[[nodiscard]] inline CLI::Validator number(double low, double high) {
    return expected<double>("a number from " + verdant::rounded_text(low, 9) + " to " + verdant::rounded_text(high, 9),
                            [=](double value) { return value >= low && value <= high; });
}

/// A finite number above 0.
[[nodiscard]] inline CLI::Validator positive() {
    return expected<double>("a number above 0", [](double value) { return value > 0 && std::isfinite(value); });
}

/// A finite number of at least 0.
[[nodiscard]] inline CLI::Validator not_negative() {
    return expected<double>("a number of at least 0", [](double value) { return value >= 0 && std::isfinite(value); });
}

} // namespace terminal
