#pragma once

#include <verdant/error.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// The texts by which a zero-shot benchmark asks for classes.
namespace verdant::io {

/// Prompts for data sets that come without: those of the CLIP article's simplest form (Radford et al., ICML 2021, section 3.1.4).
inline constexpr std::array<std::string_view, 1> default_prompt_templates{"a photo of a {c}."};

/// @throws input_error unless a template has a place for the class, `{c}` or `{}`
inline void check_prompt_template(std::string_view text, std::string_view source) {
    if (text.find("{c}") == std::string_view::npos && text.find("{}") == std::string_view::npos)
        throw input_error{source, "", "{c} where the class goes", "'" + std::string{text.substr(0, 80)} + "'"};
}

/// A template with a class in it.
[[nodiscard]] inline std::string prompt(std::string_view text, std::string_view class_name) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto rest = text.substr(at);
        const std::size_t mark = rest.starts_with("{c}") ? 3 : rest.starts_with("{}") ? 2 : 0;
        if (mark == 0) out += rest.front();
        else out += class_name;
        at += mark == 0 ? 1 : mark;
    }
    return out;
}

} // namespace verdant::io
