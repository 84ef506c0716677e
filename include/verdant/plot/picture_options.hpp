#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

/// Size and letters of pictures.
namespace verdant::plot {

/// Whether marks say what they are under the pointer. A picture of many thousand marks is a quarter as large without.
enum class tooltips : std::uint8_t { shown, hidden };

/// What every picture may be asked for, whatever it shows.
struct picture_options {
    double width = std::numeric_limits<double>::quiet_NaN();  ///< 200 to 20,000; NaN: what suits the picture, usually 800
    double height = std::numeric_limits<double>::quiet_NaN(); ///< 150 to 20,000; NaN: what suits the picture, usually 600
    double font_size = 13;                                    ///< of most letters, 5 to 200; margins grow with it
    std::string font = "sans-serif";                          ///< names of fonts as CSS has them: the first that the viewer has
    plot::tooltips tooltips = plot::tooltips::shown;
};

/// The same options with a size instead of NaN.
/// Throws `input_error` for a size beyond its limits, a width of less than 20 letters or a height of less than 14 lines, and no font.
template <class = instantiated_when_used>
[[nodiscard]] picture_options sized(picture_options asked, double usual_width = 800, double usual_height = 600) {
    if (std::isnan(asked.width)) asked.width = usual_width;
    if (std::isnan(asked.height)) asked.height = usual_height;
    const auto check = [](std::string_view name, double value, double least, double greatest) {
        if (!(value >= least && value <= greatest))
            throw input_error{"picture", name, rounded_text(least) + " to " + rounded_text(greatest), rounded_text(value)};
    };
    check("font_size", asked.font_size, 5, 200);
    check("width", asked.width, std::max(200.0, 20 * asked.font_size), 20'000);
    check("height", asked.height, std::max(150.0, 14 * asked.font_size), 20'000);
    if (asked.font.empty()) throw input_error{"picture", "font", "the name of a font", "an empty text"};
    return asked;
}
VERDANT_DEFINED_ONCE(picture_options sized<>(picture_options, double, double));

/// About how wide a text is: fonts differ, and this is for one whose letters are wide.
[[nodiscard]] inline double text_width(std::string_view words, double font_size) {
    double letters = 0;
    for (const char c : words) letters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0; // bytes that begin a letter of UTF-8
    return 0.6 * font_size * letters;
}

/// A text that fits into a width: as it is, or its beginning and three dots.
template <class = instantiated_when_used>
[[nodiscard]] std::string fitted(std::string_view words, double width, double font_size) {
    if (text_width(words, font_size) <= width) return std::string{words};
    auto letters = static_cast<std::size_t>(std::max(1.0, width / (0.6 * font_size) - 3));
    std::size_t end = 0;
    while (end < words.size() && letters > 0) {
        do ++end;
        while (end < words.size() && (static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U);
        --letters;
    }
    return std::string{words.substr(0, end)} + "...";
}
VERDANT_DEFINED_ONCE(std::string fitted<>(std::string_view, double, double));

} // namespace verdant::plot
