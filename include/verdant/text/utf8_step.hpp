#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// UTF-8, one code point after the other.
namespace verdant::io {

/// Stands for bytes that are not UTF-8.
inline constexpr char32_t replacement_character = 0xfffd;

/// Appends a code point as UTF-8. @pre code <= 0x10ffff and is no surrogate
inline void append_utf8(std::string& out, char32_t code) {
    if (code < 0x80) out += static_cast<char>(code);
    else if (code < 0x800) {
        out += static_cast<char>(0xc0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 63));
        out += static_cast<char>(0x80 | (code & 63));
    } else {
        out += static_cast<char>(0xf0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 63));
        out += static_cast<char>(0x80 | (code >> 6 & 63));
        out += static_cast<char>(0x80 | (code & 63));
    }
}

/// One step of decoding: the code point and how many bytes it takes. Bytes that are not UTF-8 (Unicode 15, table 3-7) give the replacement
/// character for the longest run that begins a valid sequence, as W3C and Python decode.
struct utf8_step {
    char32_t code;
    std::size_t length;
    bool valid;
};

/// Decodes at `at`. @pre at < text.size()
[[nodiscard]] constexpr utf8_step decode_utf8(std::string_view text, std::size_t at) noexcept {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) return {lead, 1, true};
    if (lead < 0xc2 || lead > 0xf4) return {replacement_character, 1, false};
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t code = lead & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        // The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF.
        unsigned char low = 0x80, high = 0xbf;
        if (i == 1) {
            if (lead == 0xe0) low = 0xa0;
            else if (lead == 0xed) high = 0x9f;
            else if (lead == 0xf0) low = 0x90;
            else if (lead == 0xf4) high = 0x8f;
        }
        const auto byte = at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : static_cast<unsigned char>(0);
        if (byte < low || byte > high) return {replacement_character, i, false};
        code = code << 6 | (byte & 63u);
    }
    return {code, length, true};
}

/// Whether a text is well-formed UTF-8: no overlong form, no surrogate, nothing beyond U+10FFFF.
[[nodiscard]] constexpr bool is_utf8(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        const auto step = decode_utf8(text, at);
        if (!step.valid) return false;
        at += step.length;
    }
    return true;
}

/// The text itself, with the replacement character for what in it is not UTF-8: messages of exceptions and names come from anywhere, and readers of
/// XML, JSON and tables refuse a whole file for one byte.
[[nodiscard]] inline std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto step = decode_utf8(text, at);
        if (step.valid) valid += text.substr(at, step.length);
        else append_utf8(valid, step.code);
        at += step.length;
    }
    return valid;
}

} // namespace verdant::io
