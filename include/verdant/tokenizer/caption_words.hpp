#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/unicode.hpp>
#include <verdant/text/utf8.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Splits captions into words.
namespace verdant::io {

/// The two special tokens of CLIP.
inline constexpr std::string_view start_of_text = "<start_of_text>";
inline constexpr std::string_view end_of_text = "<end_of_text>";

namespace detail {

[[nodiscard]] constexpr char32_t fold_ascii(char32_t code) noexcept {
    if (code >= U'A' && code <= U'Z') return code + 32;
    return code == 0x17f ? U's' : code; // the long s folds to s in a pattern without regard to case
}

/// Length of `word` (ASCII, lower case) if it stands at the front of the text in any case, else 0.
[[nodiscard]] constexpr std::size_t front_length(std::u32string_view text, std::string_view word) noexcept {
    if (text.size() < word.size()) return 0;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (fold_ascii(text[i]) != static_cast<unsigned char>(word[i])) return 0;
    return word.size();
}

/// Length of the piece at the front of the text. @pre the text is not empty and does not begin with white space
[[nodiscard]] constexpr std::size_t piece_length(std::u32string_view text) noexcept {
    for (const auto word : {start_of_text, end_of_text, std::string_view{"'s"}, std::string_view{"'t"}, std::string_view{"'re"},
                            std::string_view{"'ve"}, std::string_view{"'m"}, std::string_view{"'ll"}, std::string_view{"'d"}})
        if (const auto length = front_length(text, word)) return length;
    std::size_t end = 0;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end != 0) return end;
    if (is_number(text[0])) return 1;
    while (end < text.size() && !is_space(text[end]) && !is_letter(text[end]) && !is_number(text[end])) ++end;
    return end;
}

} // namespace detail

/// Splits a cleaned caption into the pieces that CLIP's tokenizer encodes one by one: special tokens, English contractions ('s, 't, ...),
/// runs of letters, single digits, runs of other characters (`open_clip: src/open_clip/tokenizer.py`, the pattern `pat`).
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> caption_words(std::string_view cleaned) {
    const auto codes = from_utf8(cleaned);
    std::vector<std::string> out;
    std::u32string_view rest{codes};
    while (!rest.empty()) {
        if (is_space(rest[0])) {
            rest.remove_prefix(1);
            continue;
        }
        const auto length = detail::piece_length(rest);
        out.push_back(to_utf8(rest.substr(0, length)));
        rest.remove_prefix(length);
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<std::string> caption_words<>(std::string_view));

} // namespace verdant::io
