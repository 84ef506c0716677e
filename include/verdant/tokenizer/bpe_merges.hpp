#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/utf8.hpp>
#include <verdant/tokenizer/byte_alphabet.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::io {

/// Pairs of symbols in the order in which byte-pair encoding joins them.
using bpe_merges = std::vector<std::pair<std::string, std::string>>;

/// The number of merges of CLIP's vocabulary: 49152 - 256 - 2 (`open_clip: src/open_clip/tokenizer.py`).
inline constexpr std::size_t clip_merges = 48894;

/// Parses a merges file: an optional first line that contains `#version`, then one pair of symbols a line, parted by a space. Only the first
/// `most` pairs are read. Throws input_error.
template <class = instantiated_when_used>
[[nodiscard]] bpe_merges parse_merges(std::string_view text, const std::string& source, std::size_t most = clip_merges) {
    bpe_merges out;
    std::size_t number = 0;
    text = without_byte_order_mark(text);
    while (!text.empty() && out.size() < most) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (++number == 1 && line.find("#version") != std::string_view::npos) continue;
        if (line.empty() && text.empty()) break;
        const auto space = line.find(' ');
        const bool pair =
            space != std::string_view::npos && space != 0 && space + 1 != line.size() && line.find(' ', space + 1) == std::string_view::npos;
        if (!pair || !is_utf8(line))
            throw input_error{source, "line " + std::to_string(number), "two symbols parted by a space",
                              is_utf8(line) ? "'" + std::string{line.substr(0, 40)} + "'" : "bytes that are not UTF-8"};
        out.emplace_back(line.substr(0, space), line.substr(space + 1));
    }
    if (out.empty()) throw input_error{source, "", "merges", "none"};
    return out;
}
VERDANT_DEFINED_ONCE(bpe_merges parse_merges<>(std::string_view, const std::string&, std::size_t));

/// The text of a merges file, which `parse_merges` reads back.
template <class = instantiated_when_used>
[[nodiscard]] std::string merges_text(const bpe_merges& merges) {
    std::string out = "#version: 0.2\n";
    for (const auto& [left, right] : merges) out += left + " " + right + "\n";
    return out;
}
VERDANT_DEFINED_ONCE(std::string merges_text<>(const bpe_merges&));

} // namespace verdant::io
