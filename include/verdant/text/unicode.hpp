#pragma once

#include <verdant/text/unicode_tables.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The properties of Unicode characters that tokenizers need; the tables are in unicode_tables.hpp.
namespace verdant::io {

namespace detail {

[[nodiscard]] constexpr bool in_ranges(std::span<const code_range> ranges, char32_t code) noexcept {
    std::size_t low = 0, high = ranges.size();
    while (low < high) {
        const auto middle = (low + high) / 2;
        if (code > ranges[middle].last) low = middle + 1;
        else high = middle;
    }
    return low < ranges.size() && code >= ranges[low].first;
}

} // namespace detail

/// General category L.
[[nodiscard]] constexpr bool is_letter(char32_t code) noexcept { return detail::in_ranges(detail::unicode_letters, code); }

/// General category N.
[[nodiscard]] constexpr bool is_number(char32_t code) noexcept { return detail::in_ranges(detail::unicode_numbers, code); }

/// The property White_Space.
[[nodiscard]] constexpr bool is_space(char32_t code) noexcept {
    return (code >= 9 && code <= 13) || code == 0x20 || code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

/// The simple lower-case form of one character.
[[nodiscard]] constexpr char32_t to_lower(char32_t code) noexcept {
    std::span<const detail::case_run> runs{detail::unicode_lower};
    std::size_t low = 0, high = runs.size();
    while (low < high) {
        const auto middle = (low + high) / 2;
        if (code > runs[middle].last) low = middle + 1;
        else high = middle;
    }
    if (low == runs.size() || code < runs[low].first || (code - runs[low].first) % runs[low].step != 0) return code;
    return static_cast<char32_t>(static_cast<std::int64_t>(code) + runs[low].difference);
}

/// A text in lower case, as Unicode 15 section 3.13 (toLowercase) has it, with its two special cases that need no language: capital I with a
/// dot becomes two characters, and a sigma at the end of a word takes its final form.
[[nodiscard]] inline std::u32string to_lower(std::u32string_view text) {
    std::u32string out;
    out.reserve(text.size());
    const auto ignorable = [](char32_t code) { return detail::in_ranges(detail::unicode_case_ignorable, code); };
    const auto cased = [](char32_t code) { return detail::in_ranges(detail::unicode_cased, code); };
    // Whether the last character that matters before the current one has case; what is skipped at the end costs linear time in all.
    bool after_cased = false;
    std::size_t next = 0; // first character at or after the current one that the rule does not skip
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t code = text[i];
        if (code == 0x130) {
            out += U"i\u0307";
        } else if (code == 0x3a3) {
            next = std::max(next, i + 1);
            while (next < text.size() && ignorable(text[next])) ++next;
            const bool before_cased = next < text.size() && cased(text[next]);
            out += after_cased && !before_cased ? U'\u03c2' : U'\u03c3';
        } else {
            out += to_lower(code);
        }
        if (!ignorable(code)) after_cased = cased(code);
    }
    return out;
}

} // namespace verdant::io
