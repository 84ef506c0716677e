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
#include <utility>

namespace terminal {

/// Whether zeros stand before a whole number, which C and CLI11 read as one in base 8.
[[nodiscard]] inline bool begins_with_zero(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text.size() > 1 && text[0] == '0';
}

/// The number that a whole text is, in the notation of C++ without a sign `+`; nothing where it is none.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view text) {
    Number value{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The same of an option, which may have a sign `+`; a whole one has no zeros before it.
template <class Number>
[[nodiscard]] std::optional<Number> option_number_in(std::string_view text) {
    if (std::is_integral_v<Number> && begins_with_zero(text)) return std::nullopt;
    if (text.size() > 1 && text[0] == '+' && (text[1] == '.' || (text[1] >= '0' && text[1] <= '9'))) text.remove_prefix(1);
    return number_in<Number>(text);
}

/// A validator of CLI11 gives the complaint, or nothing.
template <class Number, class Accepts>
[[nodiscard]] CLI::Validator expected(std::string what, const Accepts& accepts) {
    return {[=](const std::string& text) {
                const auto value = option_number_in<Number>(text);
                if (value && accepts(*value)) return std::string{};
                return "expected " + what + ", found '" + text + '\'' +
                       (std::is_integral_v<Number> && begins_with_zero(text) ? ", which begins with a zero" : "");
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

/// Asks of all options of a program that take a number, and of those of its commands, that their texts are decimal numbers that fit: CLI11 reads 010 as 8 and 0x10 as 16, makes
/// 18446744073709551615 of -1 and of what is larger than that, and takes nan, each without a word. What else an option asks comes first. To be called once all options are there.
inline void require_plain_numbers(CLI::App& app) {
    const auto any = [](auto) { return true; };
    for (auto* const option : app.get_options()) {
        const auto type = option->get_type_name();
        if (type.starts_with("UINT")) option->check(expected<std::uint64_t>("a whole number of at least 0 that 64 bits hold", any));
        else if (type.starts_with("INT")) option->check(expected<std::int64_t>("a whole number that 64 bits hold", any));
        else if (type.starts_with("FLOAT")) option->check(expected<double>("a number", [](double value) { return !std::isnan(value); }));
    }
    for (auto* const command : app.get_subcommands([](CLI::App*) { return true; })) require_plain_numbers(*command);
}

/// The seconds that a text says, as timeout(1) reads it: `90`, `90s`, `1.5m`, `8h`, `2d`; nothing where it is none, or not above 0.
[[nodiscard]] inline std::optional<double> seconds_in(std::string_view text) {
    double unit = 1;
    if (!text.empty())
        for (const auto& [letter, seconds] : {std::pair{'s', 1.0}, std::pair{'m', 60.0}, std::pair{'h', 3600.0}, std::pair{'d', 86'400.0}})
            if (text.back() == letter) unit = seconds;
    if (!text.empty() && text.find_first_of("smhd") == text.size() - 1) text.remove_suffix(1);
    const auto value = number_in<double>(text);
    return value && *value > 0 && std::isfinite(*value * unit) ? std::optional{*value * unit} : std::nullopt;
}

/// `--time-limit` of a search. @param seconds stays as it is without the option
inline void add_time_limit(CLI::App& app, double& seconds) {
    const auto check = [](const std::string& text) {
        return seconds_in(text) ? std::string{} : "expected a time such as 90s, 30m or 8h, found '" + text + '\'';
    };
    app.add_option_function<std::string>(
           "--time-limit", [&seconds](const std::string& text) { seconds = *seconds_in(text); },
           "begin no trial so long after the search began: 90s, 30m, 8h; a number alone is of seconds; preparation is not counted")
        ->check(CLI::Validator{check, ""});
}

} // namespace terminal
