#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <type_traits>

/// Numbers as text.
namespace verdant {

/// The shortest text that reads back as the same number of the same type. Whole numbers have all their digits.
[[nodiscard]] inline std::string exact_text(double value) {
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}
[[nodiscard]] inline std::string exact_text(float value) {
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}
[[nodiscard]] inline std::string exact_text(long double value) {
    char digits[64];
    return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}
[[nodiscard]] inline std::string exact_text(int value) { return std::to_string(value); }
[[nodiscard]] inline std::string exact_text(long value) { return std::to_string(value); }
[[nodiscard]] inline std::string exact_text(long long value) { return std::to_string(value); }
[[nodiscard]] inline std::string exact_text(unsigned value) { return std::to_string(value); }
[[nodiscard]] inline std::string exact_text(unsigned long value) { return std::to_string(value); }
[[nodiscard]] inline std::string exact_text(unsigned long long value) { return std::to_string(value); }

/// A number for people: `digits` significant digits, at least one.
[[nodiscard]] inline std::string rounded_text(double value, int digits = 5) {
    // No double has more significant digits than 767; a sign, a point, zeros behind it and an exponent come beside them.
    constexpr int most = 767;
    const int shown = std::clamp(digits, 1, most);
    char text[most + 32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, shown).ptr};
}
/// Refused, with a sentence that says what to write.
template <class Value>
    requires(!std::is_convertible_v<const Value&, double>)
[[nodiscard]] std::string rounded_text(const Value&, int = 5) {
    constexpr bool is_number = std::is_void_v<Value>;
    static_assert(is_number, "verdant: rounded_text takes a number; write rounded_text(in<milliseconds>(trial.get<latency>()), 4)");
    return {};
}

} // namespace verdant
