#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/space/index_view.hpp>
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

template <class = instantiated_when_used>
[[nodiscard]] std::string point_text(const space_view& space, index_view indices) {
    std::string text;
    for (std::size_t i = 0; i < space.size(); ++i) {
        if (!space.active(i, indices)) continue;
        if (!text.empty()) text += ' ';
        text += std::string{space.name(i)} + '=' + quoted_where_needed(value_text(space, i, indices[i]));
    }
    return text;
}
VERDANT_DEFINED_ONCE(std::string point_text<>(const space_view&, index_view));

} // namespace detail

/// `layers=6 width=384 act=relu`: every parameter that exists at the point, by its full name, in order. `parse_point` reads it back.
template <search_space S>
[[nodiscard]] std::string to_string(const point<S>& p) {
    return detail::point_text(view_of<S>, p);
}

/// Writes `to_string` of the point.
template <class Traits, search_space S>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const point<S>& p) {
    return out << to_string(p);
}

} // namespace verdant
