#pragma once

#include <verdant/space/point.hpp>
#include <verdant/space/value_text.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

namespace verdant {

namespace detail {

inline constexpr std::string_view point_separators = " ,\t\n\r";

/// A value as `parse_point` reads it: in quotation marks where it holds a separator or a quotation mark.
[[nodiscard]] inline std::string quoted_where_needed(std::string text) {
    if (text.find_first_of(point_separators) == std::string::npos && text.find('"') == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

} // namespace detail

/// `layers=6 width=384 act=relu`: every parameter that exists at the point, by its full name, in order. `parse_point` reads it back.
template <search_space S>
[[nodiscard]] std::string to_string(const point<S>& p) {
    std::string text;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!view_of<S>.active(i, p)) continue;
        if (!text.empty()) text += ' ';
        text += std::string{view_of<S>.name(i)} + '=' + detail::quoted_where_needed(value_text(view_of<S>, i, p[i]));
    }
    return text;
}

/// Writes `to_string` of the point.
template <class Traits, search_space S>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const point<S>& p) {
    return out << to_string(p);
}

} // namespace verdant
