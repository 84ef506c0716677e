#pragma once

#include <verdant/text/utf8_step.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace verdant {

/// A text as JSON has it, in quotation marks. It holds no `<`, `>` or `&`, so that it can stand in a `script` element of HTML, which nothing in it
/// ends. What is no UTF-8 becomes the replacement character.
[[nodiscard]] inline std::string json_text(std::string_view text) {
    constexpr const char* digits = "0123456789abcdef";
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const auto step = io::decode_utf8(text, at);
        if (!step.valid) io::append_utf8(out, io::replacement_character);
        else if (step.code < 0x20 || step.code == U'"' || step.code == U'\\' || step.code == U'<' || step.code == U'>' || step.code == U'&' ||
                 step.code == 0x7f)
            (out += "\\u00") += {digits[step.code / 16], digits[step.code % 16]};
        else out += text.substr(at, step.length);
        at += step.length;
    }
    return out + '"';
}

} // namespace verdant
