#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/html_entities.hpp>
#include <verdant/text/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// HTML's character references to characters.
namespace verdant::io {

namespace detail {

/// An entry of `html_entities`.
struct html_entity {
    std::string_view name;
    bool bare;              ///< also known without a semicolon
    std::string_view codes; ///< one or two code points in hexadecimal digits, joined by `+`

    [[nodiscard]] constexpr std::u32string value() const {
        std::u32string out(1, U'\0');
        for (const char c : codes) {
            if (c == '+') out.push_back(0);
            else out.back() = out.back() * 16 + static_cast<char32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        return out;
    }
};

/// The entry that holds the character at `place` of the table.
[[nodiscard]] constexpr html_entity entity_at(std::size_t place) noexcept {
    const auto first = place == 0 ? 0 : html_entities.rfind(' ', place - 1) + 1;
    const auto entry = html_entities.substr(first, html_entities.find(' ', place) - first);
    const auto mark = entry.find_first_of(",;");
    return {entry.substr(0, mark), entry[mark] == ',', entry.substr(mark + 1)};
}

[[nodiscard]] constexpr std::optional<html_entity> find_entity(std::string_view name) noexcept {
    // Entries that begin before `low` have lesser names; those from `high` on, greater ones.
    for (std::size_t low = 0, high = html_entities.size(); low < high;) {
        const auto entry = entity_at(low + (high - low) / 2);
        if (entry.name == name) return entry;
        if (entry.name < name) low = static_cast<std::size_t>(entry.codes.data() + entry.codes.size() - html_entities.data()) + 1;
        else high = static_cast<std::size_t>(entry.name.data() - html_entities.data());
    }
    return std::nullopt;
}

/// What a numeric reference stands for by the HTML standard (section 13.2.5.80): numbers 0x80 to 0x9f mean windows-1252, what is not a character
/// becomes U+FFFD, and other control and non-characters vanish.
[[nodiscard]] inline std::u32string html_number(std::uint32_t number) {
    constexpr std::uint16_t windows_1252[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
                                                0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                                0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
    if (number >= 0x80 && number <= 0x9f) return {windows_1252[number - 0x80]};
    if (number == 0 || number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff)) return {replacement_character};
    const bool control = number < 0x20 && number != 9 && number != 10 && number != 12 && number != 13;
    if (control || number == 0x7f || (number >= 0xfdd0 && number <= 0xfdef) || (number & 0xfffe) == 0xfffe) return {};
    return {static_cast<char32_t>(number)};
}

struct html_reference {
    std::size_t length; ///< with `&`
    std::u32string value;
};

/// The reference that begins with the `&` at `at`, if it is one.
template <class = instantiated_when_used>
[[nodiscard]] std::optional<html_reference> reference_at(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    if (end < text.size() && text[end] == '#') {
        ++end;
        const bool hex = end < text.size() && (text[end] == 'x' || text[end] == 'X');
        if (hex) ++end;
        const auto first = end;
        std::uint32_t number = 0;
        for (; end < text.size(); ++end) {
            const char c = text[end];
            std::uint32_t digit = 16;
            if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
            else if (hex && c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
            else if (hex && c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
            if (digit == 16) break;
            number = std::min<std::uint32_t>(number * (hex ? 16 : 10) + digit, 0x110000);
        }
        if (end == first) return std::nullopt;
        if (end < text.size() && text[end] == ';') ++end;
        return html_reference{end - at, html_number(number)};
    }
    // The longest name counts; without a semicolon only the old names are known.
    constexpr std::size_t longest = 32;
    while (end < text.size() && end - at <= longest && ((text[end] | 0x20) >= 'a' ? (text[end] | 0x20) <= 'z' : text[end] >= '0' && text[end] <= '9'))
        ++end;
    const auto name = text.substr(at + 1, end - at - 1);
    if (end < text.size() && text[end] == ';')
        if (const auto entity = find_entity(name)) return html_reference{end - at + 1, entity->value()};
    for (auto size = name.size(); size >= 2; --size)
        if (const auto entity = find_entity(name.substr(0, size)); entity && entity->bare) return html_reference{size + 1, entity->value()};
    return std::nullopt;
}

} // namespace detail

/// Replaces the character references of HTML once: numbers (`&#233;`, `&#xe9;`) and all names of HTML 5 (`&eacute;`), as
/// Python's `html.unescape` does.
template <class = instantiated_when_used>
[[nodiscard]] std::string unescape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto next = std::min(text.find('&', at), text.size());
        out += text.substr(at, next - at);
        at = next;
        if (at == text.size()) break;
        if (const auto reference = detail::reference_at(text, at)) {
            for (const auto code : reference->value) append_utf8(out, code);
            at += reference->length;
        } else {
            out += text[at++];
        }
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::string unescape_html<>(std::string_view));

} // namespace verdant::io
