#pragma once

#include <verdant/text/utf8_step.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// Texts of UTF-8 as code points, and back.
namespace verdant::io {

/// A text without the byte order mark that some editors write in front of UTF-8.
[[nodiscard]] constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return text;
}

/// Code points of a text, the replacement character for what is not UTF-8.
[[nodiscard]] inline std::u32string from_utf8(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto step = decode_utf8(text, at);
        out += step.code;
        at += step.length;
    }
    return out;
}

/// Code points as UTF-8.
[[nodiscard]] inline std::string to_utf8(std::u32string_view codes) {
    std::string out;
    out.reserve(codes.size());
    for (const auto code : codes) append_utf8(out, code);
    return out;
}

} // namespace verdant::io
