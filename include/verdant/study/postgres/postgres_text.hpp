#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/text/utf8_step.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Texts as PostgreSQL takes them: it refuses what is not UTF-8, and bytes of zero.
namespace verdant::detail::postgres {

/// Begins a text that is kept as the hexadecimal digits of its bytes, as PostgreSQL writes bytes.
inline constexpr std::string_view bytes_mark = "\\x";

[[nodiscard]] inline bool is_plain_text(std::string_view text) {
    if (text.starts_with(bytes_mark)) return false;
    for (std::size_t at = 0; at < text.size();) {
        const auto step = io::decode_utf8(text, at);
        if (!step.valid || step.code == 0) return false;
        at += step.length;
    }
    return true;
}

/// Bytes as PostgreSQL writes them: `\x00ff`.
[[nodiscard]] inline std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out{bytes_mark};
    for (const char c : bytes) {
        const auto u = static_cast<unsigned char>(c);
        out += {digits[u / 16U], digits[u % 16U]};
    }
    return out;
}

/// The bytes of such a text; nothing where it is none.
[[nodiscard]] inline std::optional<std::string> from_hexadecimal(std::string_view text) {
    if (!text.starts_with(bytes_mark) || text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    const auto value = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    for (std::size_t i = bytes_mark.size(); i < text.size(); i += 2) {
        const int high = value(text[i]), low = value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(16 * high + low);
    }
    return bytes;
}

/// A text that the database keeps, and that leads back to this one.
[[nodiscard]] inline std::string kept_text(std::string_view text) { return is_plain_text(text) ? std::string{text} : hexadecimal(text); }

/// The text of `kept_text`.
[[nodiscard]] inline std::string text_of_kept(std::string text) {
    auto bytes = from_hexadecimal(text);
    return bytes ? *std::move(bytes) : text;
}

} // namespace verdant::detail::postgres
