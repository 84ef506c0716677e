#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/html.hpp>
#include <verdant/text/unicode.hpp>
#include <verdant/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace verdant::io {

/// How captions are cleaned before they are tokenized, by the names of OpenCLIP: `lower` (the default of all its models), `whitespace`
/// (letters keep their case), `canonicalize` (underscores become spaces, ASCII punctuation goes, lower case).
enum class caption_cleaning : std::uint8_t { lower, whitespace, canonicalize };

namespace detail {

/// Runs of white space become one space; none is left at the ends.
[[nodiscard]] inline std::u32string single_spaces(std::u32string_view text) {
    std::u32string out;
    out.reserve(text.size());
    bool pending = false;
    for (const char32_t code : text) {
        if (is_space(code)) {
            pending = !out.empty();
            continue;
        }
        if (pending) out += U' ';
        pending = false;
        out += code;
    }
    return out;
}

[[nodiscard]] constexpr bool is_ascii_punctuation(char32_t code) noexcept {
    return (code >= 0x21 && code <= 0x2f) || (code >= 0x3a && code <= 0x40) || (code >= 0x5b && code <= 0x60) || (code >= 0x7b && code <= 0x7e);
}

[[nodiscard]] inline std::u32string without_punctuation(std::u32string_view text) {
    std::u32string out;
    for (const char32_t code : text) {
        if (code == U'_') out += U' ';
        else if (!is_ascii_punctuation(code)) out += code;
    }
    return out;
}

} // namespace detail

/// Cleans a caption as the tokenizer of OpenCLIP does (`open_clip: src/open_clip/tokenizer.py`), but without ftfy's repair of broken text: HTML
/// references are replaced twice, white space becomes single spaces, then as `how` says. What is not UTF-8 becomes U+FFFD.
template <class = instantiated_when_used>
[[nodiscard]] std::string clean_caption(std::string_view text, caption_cleaning how = caption_cleaning::lower) {
    auto codes = from_utf8(unescape_html(unescape_html(text)));
    if (how == caption_cleaning::canonicalize) codes = to_lower(std::u32string_view{detail::without_punctuation(codes)});
    codes = detail::single_spaces(codes);
    if (how == caption_cleaning::lower) codes = to_lower(std::u32string_view{codes});
    return to_utf8(codes);
}
VERDANT_DEFINED_ONCE(std::string clean_caption<>(std::string_view, caption_cleaning));

} // namespace verdant::io
