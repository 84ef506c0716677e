#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/paint.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Writes SVG.
namespace verdant::plot {

/// A place in a picture: to the right and down from its upper left corner.
struct position {
    double x, y;
};

/// The end of a text, or its middle, that lies at its position.
enum class anchor { start, middle, end };

/// How words are set.
struct text_style {
    plot::anchor anchor = plot::anchor::start;
    std::string colour{};  ///< empty: SVG's default, black
    double size = 0;       ///< of the letters; 0: that of the picture
    double turned = 0;     ///< degrees clockwise about the position
};

namespace detail {

[[nodiscard]] inline std::string svg_attribute(std::string_view name, double value) { return xml_attribute(name, svg_number(value)); }
[[nodiscard]] inline std::string svg_place(position p, char between) { return svg_number(p.x) + between + svg_number(p.y); }
[[nodiscard]] inline std::string svg_title(std::string_view words) { return "<title>" + xml_text(words) + "</title>"; }
[[nodiscard]] inline std::string svg_end(std::string_view name, std::string_view words) {
    return words.empty() ? "/>\n" : '>' + svg_title(words) + "</" + std::string{name} + ">\n";
}

template <class = instantiated_when_used>
[[nodiscard]] std::string svg_beginning(double width, double height, double font_size, std::string_view font) {
    const auto w = svg_number(width), h = svg_number(height);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h + "\" viewBox=\"0 0 " + w + ' ' + h + '"' +
           xml_attribute("font-family", font) + xml_attribute("font-size", font_size == 0 ? "" : svg_number(font_size)) + ">\n";
}
VERDANT_DEFINED_ONCE(std::string svg_beginning<>(double, double, double, std::string_view));

template <class = instantiated_when_used>
[[nodiscard]] std::string svg_text(position at, std::string_view words, const text_style& style) {
    constexpr std::string_view names[] = {"start", "middle", "end"};
    return "<text" + svg_attribute("x", at.x) + svg_attribute("y", at.y) + xml_attribute("text-anchor", names[static_cast<int>(style.anchor)]) +
           xml_attribute("fill", style.colour) + xml_attribute("font-size", style.size == 0 ? "" : svg_number(style.size)) +
           xml_attribute("transform", style.turned == 0 ? "" : "rotate(" + svg_number(style.turned) + ' ' + svg_place(at, ' ') + ')') + '>' +
           xml_text(words) + "</text>\n";
}
VERDANT_DEFINED_ONCE(std::string svg_text<>(position, std::string_view, const text_style&));

template <class = instantiated_when_used>
[[nodiscard]] std::string svg_circle(position centre, double radius, const paint& p, std::string_view words) {
    return "<circle" + svg_attribute("cx", centre.x) + svg_attribute("cy", centre.y) + svg_attribute("r", radius) + paint_attributes(p) +
           svg_end("circle", words);
}
VERDANT_DEFINED_ONCE(std::string svg_circle<>(position, double, const paint&, std::string_view));

template <class = instantiated_when_used>
[[nodiscard]] std::string svg_rectangle(position corner, double width, double height, const paint& p, double rounding, std::string_view words) {
    return "<rect" + svg_attribute("x", corner.x) + svg_attribute("y", corner.y) + svg_attribute("width", width) + svg_attribute("height", height) +
           xml_attribute("rx", rounding == 0 ? "" : svg_number(rounding)) + paint_attributes(p) + svg_end("rect", words);
}
VERDANT_DEFINED_ONCE(std::string svg_rectangle<>(position, double, double, const paint&, double, std::string_view));

template <class = instantiated_when_used>
[[nodiscard]] std::string svg_line(position from, position to, const paint& p) {
    return "<line" + svg_attribute("x1", from.x) + svg_attribute("x2", to.x) + svg_attribute("y1", from.y) + svg_attribute("y2", to.y) +
           paint_attributes(p) + "/>\n";
}
VERDANT_DEFINED_ONCE(std::string svg_line<>(position, position, const paint&));

/// @param name of the element: `polyline` or `polygon`
template <class = instantiated_when_used>
[[nodiscard]] std::string svg_corners(std::string_view name, const std::vector<position>& corners, const paint& p, std::string_view words) {
    std::string points;
    for (const auto& c : corners) points += (points.empty() ? "" : " ") + svg_place(c, ',');
    return '<' + std::string{name} + paint_attributes(p) + " points=\"" + points + '"' + svg_end(name, words);
}
VERDANT_DEFINED_ONCE(std::string svg_corners<>(std::string_view, const std::vector<position>&, const paint&, std::string_view));

template <class = instantiated_when_used>
[[nodiscard]] std::string svg_curve(position from, position out, position in, position to, const paint& p) {
    return "<path d=\"M" + svg_place(from, ' ') + 'C' + svg_place(out, ' ') + ' ' + svg_place(in, ' ') + ' ' + svg_place(to, ' ') + '"' +
           paint_attributes(p) + "/>\n";
}
VERDANT_DEFINED_ONCE(std::string svg_curve<>(position, position, position, position, const paint&));

template <class = instantiated_when_used>
[[nodiscard]] std::string svg_clip(position corner, double width, double height) {
    // A picture in the picture shows no more than its own space, and needs no name, unlike a path to clip by.
    const auto place_and_size = svg_place(corner, ' ') + ' ' + svg_number(width) + ' ' + svg_number(height);
    return "<svg" + svg_attribute("x", corner.x) + svg_attribute("y", corner.y) + svg_attribute("width", width) + svg_attribute("height", height) +
           xml_attribute("viewBox", place_and_size) + ">\n";
}
VERDANT_DEFINED_ONCE(std::string svg_clip<>(position, double, double));

template <class = instantiated_when_used>
[[nodiscard]] std::string svg_gradient(std::string_view name, const std::vector<std::string>& colours) {
    auto text = "<defs><linearGradient" + xml_attribute("id", name) + " x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">";
    double i = 0;
    for (const auto& c : colours)
        text += "<stop" + svg_attribute("offset", i++ / static_cast<double>(colours.size() - 1)) + xml_attribute("stop-color", c) + "/>";
    return text + "</linearGradient></defs>\n";
}
VERDANT_DEFINED_ONCE(std::string svg_gradient<>(std::string_view, const std::vector<std::string>&));

} // namespace detail

/// Writes a picture (SVG) element by element, later ones over earlier ones. Everything that it is given is escaped, so no text can end its element
/// or attribute.
///
///     svg_writer picture{200, 100};
///     picture.circle({50, 50}, 20, {.fill = "#0072b2"});
///     picture.text({80, 54}, "a < b");
///     io::write_file("picture.svg", std::move(picture).finished());
class svg_writer {
public:
    /// @param width, height of the picture
    /// @param font_size     of letters where nothing else is said; 0: the viewer's
    /// @param font          names of fonts, the first that the viewer has; as CSS has them
    svg_writer(double width, double height, double font_size = 0, std::string_view font = "sans-serif")
        : width_{width}, height_{height}, svg_{detail::svg_beginning(width, height, font_size, font)} {}

    /// The name of the picture, which viewers show when asked.
    void title(std::string_view words) { svg_ += detail::svg_title(words) + '\n'; }
    /// Paints everything.
    void background(std::string_view colour) {
        svg_ += "<rect" + detail::svg_attribute("width", width_) + detail::svg_attribute("height", height_) + xml_attribute("fill", colour) + "/>\n";
    }
    void text(position at, std::string_view words, const text_style& style = {}) { svg_ += detail::svg_text(at, words, style); }
    /// @param words what viewers show of it under the pointer
    void circle(position centre, double radius, const paint& p, std::string_view words = {}) { svg_ += detail::svg_circle(centre, radius, p, words); }
    /// @param corner   upper left one
    /// @param rounding radius of its corners
    /// @param words    what viewers show of it under the pointer
    void rectangle(position corner, double width, double height, const paint& p, double rounding = 0, std::string_view words = {}) {
        svg_ += detail::svg_rectangle(corner, width, height, p, rounding, words);
    }
    void line(position from, position to, const paint& p) { svg_ += detail::svg_line(from, to, p); }
    /// Straight lines from each corner to the next one. `line_paint` leaves what they surround unfilled.
    void polyline(const std::vector<position>& corners, const paint& p) { svg_ += detail::svg_corners("polyline", corners, p, {}); }
    /// What straight lines from each corner to the next one surround.
    /// @param words what viewers show of it under the pointer
    void polygon(const std::vector<position>& corners, const paint& p, std::string_view words = {}) {
        svg_ += detail::svg_corners("polygon", corners, p, words);
    }
    /// A cubic Bezier curve.
    /// @param out, in where it is drawn to as it leaves its beginning and as it comes to its end
    void curve(position from, position out, position in, position to, const paint& p) { svg_ += detail::svg_curve(from, out, in, to, p); }

    /// From here to `end_clip` only what lies in a rectangle is seen.
    /// @param corner upper left one
    void begin_clip(position corner, double width, double height) { svg_ += detail::svg_clip(corner, width, height); }
    void end_clip() { svg_ += "</svg>\n"; }

    /// Defines a gradient from the bottom to the top of what is filled with `url(#name)`.
    /// @param colours at even steps, at least two
    void define_gradient(std::string_view name, const std::vector<std::string>& colours) { svg_ += detail::svg_gradient(name, colours); }
    /// Defines the head of arrows, for `paint::end_marker`.
    void define_arrow_head(std::string_view name) {
        svg_ += "<defs><marker" + xml_attribute("id", name) +
                " viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\"/>"
                "</marker></defs>\n";
    }

    /// The picture.
    [[nodiscard]] std::string finished() && { return std::move(svg_) + "</svg>\n"; }

private:
    double width_, height_;
    std::string svg_;
};

} // namespace verdant::plot
