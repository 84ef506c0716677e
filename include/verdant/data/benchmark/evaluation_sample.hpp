#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/byte_source.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// One sample that a zero-shot benchmark evaluates, and the prompts of its classes.
namespace verdant::io {

/// What the pictures of a data set come with: one class, several classes at once, or captions.
enum class dataset_kind : std::uint8_t { classification, multilabel, retrieval };

/// A picture to judge a model by, not yet decoded.
struct evaluation_sample {
    std::string source;                ///< what errors call it
    byte_vector picture;               ///< a JPEG or PNG file
    std::vector<std::string> captions = {}; ///< of a retrieval data set
    std::int64_t label = -1;           ///< of a classification data set
    std::vector<float> labels = {};         ///< of a multilabel data set, 0 or 1 for each class
};

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
