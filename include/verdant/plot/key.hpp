#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/plot/svg_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Keys of pictures: what marks and lines stand for. Entries have the room that their words need, so they never run into each other.
namespace verdant::plot {

/// An entry of a key.
struct key_entry {
    std::string words;
    plot::marker marker = plot::marker::circle;
    double radius = 4; ///< 0: no mark
    paint filled{};    ///< of the mark
    paint line{};      ///< through it; without a stroke there is none
};

namespace detail {

/// Where an entry stands: how far to the right, and in which row from above.
struct key_place {
    double x;
    std::size_t row;
};

[[nodiscard]] inline double key_indent(const key_entry& e, double u) { return (e.line.stroke.empty() ? (e.radius > 5 ? 23 : 14) : 34) * u; }

/// Places entries one after the other, in a new row where the width ends.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<key_place> key_places(const std::vector<key_entry>& entries, double width, double font_size) {
    const auto u = font_size / 13;
    std::vector<key_place> places;
    double x = 0;
    std::size_t row = 0;
    for (const auto& e : entries) {
        const auto wide = key_indent(e, u) + std::min(text_width(e.words, font_size), width - key_indent(e, u));
        if (x > 0 && x + wide > width) x = 0, ++row;
        places.push_back({x, row});
        x += wide + 22 * u;
    }
    return places;
}

/// The mark and the words of an entry.
template <class = instantiated_when_used>
void draw_key_entry(svg_writer& picture, const key_entry& e, position at, double width, double font_size) {
    const auto u = font_size / 13, indent = key_indent(e, u);
    if (!e.line.stroke.empty()) picture.polyline({{at.x, at.y}, {at.x + 28 * u, at.y}}, e.line);
    if (e.radius > 0) draw_marker(picture, e.marker, {at.x + (e.line.stroke.empty() ? (e.radius > 5 ? 9 : 5) : 14) * u, at.y}, e.radius, e.filled);
    picture.text({at.x + indent, at.y + 4 * u}, fitted(e.words, width - indent, font_size));
}

} // namespace detail

/// How many rows of a key `draw_key_below` needs, for `plot_layout::key_rows`.
template <class = instantiated_when_used>
[[nodiscard]] std::size_t key_rows(const std::vector<key_entry>& entries, const picture_options& asked) {
    const auto p = sized(asked);
    const auto places = detail::key_places(entries, p.width - 100 * p.font_size / 13, p.font_size);
    return places.empty() ? 1 : places.back().row + 1;
}
VERDANT_DEFINED_ONCE(std::size_t key_rows<>(const std::vector<key_entry>&, const picture_options&));

/// Draws a key in rows below the axes.
template <class = instantiated_when_used>
void draw_key_below(svg_writer& picture, const picture_options& asked, const std::vector<key_entry>& entries) {
    const auto p = sized(asked);
    const auto u = p.font_size / 13, width = p.width - 100 * u;
    const auto places = detail::key_places(entries, width, p.font_size);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto y = p.height - (12 + 18 * static_cast<double>(places.back().row - places[i].row)) * u;
        detail::draw_key_entry(picture, entries[i], {90 * u + places[i].x, y}, width, p.font_size);
    }
}
VERDANT_DEFINED_ONCE(void draw_key_below<>(svg_writer&, const picture_options&, const std::vector<key_entry>&));
template <class = instantiated_when_used>
void draw_key_below(svg_plot& plot, const std::vector<key_entry>& entries) {
    draw_key_below(plot, plot.options(), entries);
}
VERDANT_DEFINED_ONCE(void draw_key_below<>(svg_plot&, const std::vector<key_entry>&));

/// The room that `draw_key_beside` needs, for `plot_layout::beside`: what the longest words take, at most two fifths of the picture.
/// @param least in letters of 13, as the answer
template <class = instantiated_when_used>
[[nodiscard]] double room_beside(const std::vector<key_entry>& entries, const picture_options& asked, double least = 30) {
    const auto p = sized(asked);
    double wide = least;
    for (const auto& e : entries) wide = std::max(wide, text_width(e.words, 13) + detail::key_indent(e, 1) + 24);
    return std::clamp(wide, least, std::max(least, 0.4 * p.width * 13 / p.font_size));
}
VERDANT_DEFINED_ONCE(double room_beside<>(const std::vector<key_entry>&, const picture_options&, double));

/// Draws a key in one column on the right of the axes. Where it is higher than the axes, the last row counts what is left out.
template <class = instantiated_when_used>
void draw_key_beside(svg_plot& plot, const std::vector<key_entry>& entries, double from = 12) {
    const auto& p = plot.options();
    const auto height = plot.bottom - plot.top - plot.scaled(16);
    const auto least = plot.scaled(15);
    const auto line = std::clamp(height / static_cast<double>(std::max<std::size_t>(entries.size(), 2) - 1), least, plot.scaled(22));
    const auto fit = std::max<std::size_t>(static_cast<std::size_t>(height / line + 1e-9) + 1, 2);
    const auto shown = entries.size() <= fit ? entries.size() : fit - 1;
    const auto x = plot.right() + plot.scaled(from);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto y = plot.top + plot.scaled(8) + static_cast<double>(i) * line;
        detail::draw_key_entry(plot, entries[i], {x, y}, p.width - x - plot.scaled(4), p.font_size);
    }
    if (shown < entries.size())
        plot.text({x, plot.top + plot.scaled(12) + static_cast<double>(shown) * line}, "and " + std::to_string(entries.size() - shown) + " more");
}
VERDANT_DEFINED_ONCE(void draw_key_beside<>(svg_plot&, const std::vector<key_entry>&, double));

} // namespace verdant::plot
