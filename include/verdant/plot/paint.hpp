#pragma once

#include <verdant/text/number.hpp>
#include <verdant/text/utf8_step.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

/// The paint of marks in SVG: colours, lines, opacity.
namespace verdant::plot {

/// Text as XML wants it, between tags and in attributes: control characters are spaces, and what is not UTF-8 is the replacement character.
[[nodiscard]] inline std::string xml_text(std::string_view text) {
    std::string safe;
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, length, valid] = io::decode_utf8(text, at);
        if (code == '<') safe += "&lt;";
        else if (code == '>') safe += "&gt;";
        else if (code == '&') safe += "&amp;";
        else if (code == '"') safe += "&quot;";
        else if (code < ' ') safe += ' '; // not allowed at all, as are the two last code points of the first plane
        else if (!valid || code == 0xfffe || code == 0xffff) io::append_utf8(safe, io::replacement_character);
        else safe += text.substr(at, length);
        at += length;
    }
    return safe;
}

/// A number of a picture, as short as it can be.
/// @param digits significant ones
[[nodiscard]] inline std::string svg_number(double value, int digits = 6) {
    return rounded_text(value, digits);
}

/// How a shape is painted. What is left out is not written, so that SVG's defaults hold: filled black, without a border, opaque.
///
///     paint{.fill = "none", .stroke = "#0b4f6c"} // hollow
struct paint {
    std::string fill{};        ///< a colour as SVG has them, `#rrggbb`, `none`, `white`; or a gradient, `url(#name)`
    std::string stroke{};      ///< colour of the border or the line
    double width = 0;          ///< of the border or the line; 0: SVG's default, 1
    std::string dash{};        ///< lengths of dashes and gaps, `8 4`; empty or `none`: solid
    double opacity = 1;        ///< 0 (invisible) to 1
    std::string end_marker{};  ///< the name of what a line ends in; see `svg_writer::define_arrow_head`
};

/// A line of that colour without anything filled.
[[nodiscard]] inline paint line_paint(std::string colour, std::string dash = {}, double width = 1.5) {
    return {.fill = "none", .stroke = std::move(colour), .width = width, .dash = std::move(dash)};
}

/// ` name="value"` with the value escaped; nothing for an empty one.
[[nodiscard]] inline std::string xml_attribute(std::string_view name, std::string_view value) {
    return value.empty() ? std::string{} : ' ' + std::string{name} + "=\"" + xml_text(value) + '"';
}

/// The attributes of an element that is painted so, each after a space.
[[nodiscard]] inline std::string paint_attributes(const paint& p) {
    return xml_attribute("fill", p.fill) + xml_attribute("stroke", p.stroke) + xml_attribute("stroke-dasharray", p.dash) +
           xml_attribute("stroke-width", p.width == 0 ? "" : svg_number(p.width)) + xml_attribute("opacity", p.opacity == 1 ? "" : svg_number(p.opacity)) +
           xml_attribute("marker-end", p.end_marker.empty() ? "" : "url(#" + p.end_marker + ')');
}

} // namespace verdant::plot
