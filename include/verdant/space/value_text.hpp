#pragma once

#include <verdant/space/table.hpp>
#include <verdant/text/number.hpp>

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

// Values of parameters as text, and back.

namespace verdant {

namespace detail {

/// The number of a text that holds nothing else.
[[nodiscard]] inline bool read_number(std::string_view text, double& out) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size();
}

/// A floating-point value in as few digits as lead back to it: twelve, which hides how 0.1 + 2 * 0.1 rounds, or all.
[[nodiscard]] inline std::string floating_text(const space_view& space, std::size_t p, std::size_t index) {
    char digits[32];
    const auto x = std::bit_cast<double>(space.code_of(p, index));
    std::string rounded{digits, std::to_chars(digits, digits + sizeof digits, x, std::chars_format::general, 12).ptr};
    double back = 0;
    if (read_number(rounded, back) && space.index_of(p, std::bit_cast<std::int64_t>(back)) == index) return rounded;
    return exact_text(x);
}

} // namespace detail

/// The text of a value of a parameter: a number, `true` or `false`, a string, an enumerator's name.
[[nodiscard]] inline std::string value_text(const space_view& space, std::size_t p, std::size_t index) {
    switch (space.kind(p)) {
    case value_kind::text:
    case value_kind::enumeration: return std::string{space.label(p, index)};
    case value_kind::boolean: return space.code_of(p, index) != 0 ? "true" : "false";
    case value_kind::floating: return detail::floating_text(space, p, index);
    default: return std::to_string(space.code_of(p, index));
    }
}

/// The values of a domain for messages: `1, 2, 4`; a long domain is shortened.
[[nodiscard]] inline std::string domain_text(const space_view& space, std::size_t p) {
    const auto n = space.domain_size(p);
    std::string text;
    for (std::size_t i = 0; i < n; ++i) {
        if (n > 12 && i == 5) {
            text += ", ...";
            i = n - 1;
        }
        text += (i == 0 ? "" : ", ") + value_text(space, p, i);
    }
    return text;
}

/// The index of the value with this text, or the size of the domain. Numbers match by value: `0.50` is `0.5`, and `16.0` is `16`.
[[nodiscard]] inline std::size_t find_value(const space_view& space, std::size_t p, std::string_view text) {
    const auto n = space.domain_size(p);
    if (space.kind(p) == value_kind::floating) {
        double wanted = 0;
        return detail::read_number(text, wanted) ? space.index_of(p, std::bit_cast<std::int64_t>(wanted)) : n;
    }
    if (space.kind(p) == value_kind::integer) {
        std::int64_t wanted = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), wanted);
        if (read.ec == std::errc{} && read.ptr == text.data() + text.size()) return space.index_of(p, wanted);
        double whole = 0; // as tables have it whose column of whole numbers has gaps
        const bool is_whole =
            detail::read_number(text, whole) && whole > -0x1p53 && whole < 0x1p53 && static_cast<double>(static_cast<std::int64_t>(whole)) == whole;
        return is_whole ? space.index_of(p, static_cast<std::int64_t>(whole)) : n;
    }
    for (std::size_t i = 0; i < n; ++i)
        if (value_text(space, p, i) == text) return i;
    return n;
}

} // namespace verdant
