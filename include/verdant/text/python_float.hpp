#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

/// Floating-point numbers as Python writes them.
namespace verdant {

/// What Python's `str` makes of a float: the shortest digits that read back as the same number, as `1.0`, `0.0001`, `1e-05`, `1e+16`, `inf`, `nan`.
/// Source: CPython, Python/pystrtod.c, format_float_short with `r`.
[[nodiscard]] inline std::string python_float_text(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    char written[40];
    const std::string_view scientific{written, static_cast<std::size_t>(std::to_chars(written, written + sizeof written, value, std::chars_format::scientific).ptr - written)};
    int exponent = 0;
    const auto e = scientific.find('e');
    const auto* begin = scientific.data() + e + 1;
    std::from_chars(*begin == '+' ? begin + 1 : begin, scientific.data() + scientific.size(), exponent);
    if (exponent < -4 || exponent >= 16) return std::string{scientific}; // at least two digits of the exponent, as in Python
    char fixed[40];
    std::string text{fixed, std::to_chars(fixed, fixed + sizeof fixed, value, std::chars_format::fixed).ptr};
    if (text.find('.') == std::string::npos) text += ".0";
    return text;
}

} // namespace verdant
