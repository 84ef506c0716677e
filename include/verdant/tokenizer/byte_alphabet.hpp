#pragma once

#include <verdant/text/utf8.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The letters that CLIP's vocabulary writes bytes with.
namespace verdant::io {

/// Ends the last symbol of a word in vocabularies of CLIP.
inline constexpr std::string_view end_of_word = "</w>";

namespace detail {

/// Printable bytes stand for themselves, the other 68 for U+0100 and following, so that any text can be written as printable symbols
/// (`openai/gpt-2: src/encoder.py`, bytes_to_unicode).
[[nodiscard]] constexpr bool is_own_symbol(unsigned byte) noexcept {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

struct byte_alphabet {
    std::array<char32_t, 256> symbol{};       ///< of each byte
    std::array<std::uint8_t, 256> in_order{}; ///< the bytes in the order of the vocabulary: first those that stand for themselves
    std::array<std::uint8_t, 256> place{};    ///< of each byte in that order
};

[[nodiscard]] consteval byte_alphabet make_byte_alphabet() {
    byte_alphabet out;
    std::size_t place = 0;
    char32_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte)
        if (is_own_symbol(byte)) {
            out.symbol[byte] = byte;
            out.in_order[place++] = static_cast<std::uint8_t>(byte);
        }
    for (unsigned byte = 0; byte < 256; ++byte)
        if (!is_own_symbol(byte)) {
            out.symbol[byte] = next++;
            out.in_order[place++] = static_cast<std::uint8_t>(byte);
        }
    for (std::size_t i = 0; i < 256; ++i) out.place[out.in_order[i]] = static_cast<std::uint8_t>(i);
    return out;
}

inline constexpr byte_alphabet alphabet = make_byte_alphabet();

/// The byte that a symbol stands for.
[[nodiscard]] constexpr std::optional<std::uint8_t> byte_of(char32_t symbol) noexcept {
    if (symbol < 256) return is_own_symbol(symbol) ? std::optional{static_cast<std::uint8_t>(symbol)} : std::nullopt;
    if (symbol >= 0x100 + 68) return std::nullopt;
    return alphabet.in_order[188 + (symbol - 0x100)];
}

[[nodiscard]] inline std::string symbol_text(std::uint8_t byte) {
    std::string out;
    append_utf8(out, alphabet.symbol[byte]);
    return out;
}

} // namespace detail

} // namespace verdant::io
