#pragma once

#include <algorithm>
#include <charconv>
#include <string>

/// Numbers as text.
namespace verdant {

/// The shortest text that reads back as the same double.
[[nodiscard]] inline std::string exact_text(double value) {
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

/// A number for people: `digits` significant digits, at least one.
[[nodiscard]] inline std::string rounded_text(double value, int digits = 5) {
    // No double has more significant digits than 767; a sign, a point, zeros behind it and an exponent come beside them.
    constexpr int most = 767;
    const int shown = std::clamp(digits, 1, most);
    char text[most + 32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, shown).ptr};
}

} // namespace verdant
