#pragma once

#include <verdant/text/number.hpp>
#include <verdant/text/utf8_step.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Texts, numbers and tables as HTML, and what scripts in it read.
namespace verdant::detail {

/// A text as HTML shows it, in elements and in attributes with quotation marks: no character of it is markup. What is not UTF-8, or not a character
/// of HTML, is replaced.
[[nodiscard]] inline std::string html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto step = io::decode_utf8(text, at);
        switch (step.code) {
        case U'&': out += "&amp;"; break;
        case U'<': out += "&lt;"; break;
        case U'>': out += "&gt;"; break;
        case U'"': out += "&quot;"; break;
        case U'\'': out += "&#39;"; break;
        default:
            if (!step.valid || (step.code < 0x20 && step.code != U'\n' && step.code != U'\t') || (step.code >= 0x7f && step.code < 0xa0))
                io::append_utf8(out, io::replacement_character);
            else out += text.substr(at, step.length);
        }
        at += step.length;
    }
    return out;
}

/// A number of JSON; null for what is not finite.
[[nodiscard]] inline std::string script_number(double value) { return std::isfinite(value) ? exact_text(value) : "null"; }

/// A list of JSON. @param text gives the text of an element
template <class List, class Text>
[[nodiscard]] std::string script_list(const List& list, const Text& text) {
    std::string out = "[";
    for (const auto& one : list) (out += out.size() > 1 ? "," : "") += text(one);
    return out + ']';
}

/// Bytes as text of 64 characters (RFC 4648).
[[nodiscard]] inline std::string base64(const std::vector<unsigned char>& bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t word = 0;
        for (std::size_t k = 0; k < 3; ++k) word = word << 8 | (i + k < bytes.size() ? bytes[i + k] : 0U);
        for (std::size_t k = 0; k < 4; ++k) out += i + k <= bytes.size() ? letters[word >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

/// Numbers of one type as their bytes, the lowest first.
template <class Number>
void append_bytes(std::vector<unsigned char>& bytes, Number value) {
    using word = std::conditional_t<
        sizeof(Number) == 1, std::uint8_t,
        std::conditional_t<sizeof(Number) == 2, std::uint16_t, std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>>>;
    auto bits = std::bit_cast<word>(value);
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        bytes.push_back(static_cast<unsigned char>(bits & 0xff));
        bits = static_cast<word>(static_cast<std::uint64_t>(bits) >> 8);
    }
}

/// A table of HTML whose cells are markup already.
struct html_table {
    std::string caption{};
    std::vector<std::string> columns{};
    std::vector<bool> numbers{}; ///< whether a column is of numbers; missing ones are not
    std::vector<std::vector<std::string>> rows{};

    [[nodiscard]] std::string text() const {
        std::string out =
            "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + caption + "\"><table><caption>" + caption + "</caption><thead><tr>";
        for (std::size_t c = 0; c < columns.size(); ++c) out += "<th scope=\"col\"" + mark(c) + '>' + columns[c] + "</th>";
        out += "</tr></thead><tbody>\n";
        for (const auto& row : rows) {
            out += "<tr>";
            for (std::size_t c = 0; c < row.size(); ++c) out += "<td" + mark(c) + '>' + row[c] + "</td>";
            out += "</tr>\n";
        }
        return out + "</tbody></table></div>\n";
    }

private:
    [[nodiscard]] std::string mark(std::size_t c) const { return c < numbers.size() && numbers[c] ? " class=\"n\"" : ""; }
};

/// What opens on demand.
[[nodiscard]] inline std::string folded(std::string_view summary, std::string_view content, bool open = false) {
    return std::string{"<details"} + (open ? " open" : "") + "><summary>" + std::string{summary} + "</summary>\n" + std::string{content} +
           "</details>\n";
}

} // namespace verdant::detail
