#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/colours.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::plot {

/// Points that belong together: marked and joined by lines in their order.
struct series {
    std::string name;
    std::vector<std::pair<double, double>> points; ///< x and y
};

/// What a picture of series may be asked for.
struct series_options {
    axis_options x{}, y{}; ///< points beyond the axes are counted, not drawn
    picture_options picture{};
};

/// A picture (SVG) of some series over the same axes, each with a colour, a mark and dashes of its own, and a key. Points that a logarithmic axis has
/// no place for are left out and counted.
/// @param verticals x values marked by dotted lines, such as limits
/// @throws input_error where there is no point, or one is not finite, and what `axis` and `sized` throw
template <class = instantiated_when_used>
[[nodiscard]] std::string series_svg(std::string_view title, std::string_view x_name, std::string_view y_name, std::span<const series> shown,
                                     std::span<const double> verticals = {}, const series_options& options = {}) {
    std::vector<double> xs{verticals.begin(), verticals.end()}, ys;
    for (const auto& s : shown)
        for (const auto& [x, y] : s.points) {
            xs.push_back(x);
            ys.push_back(y);
        }
    const auto finite = [](const std::vector<double>& all) { return std::all_of(all.begin(), all.end(), [](double v) { return std::isfinite(v); }); };
    if (ys.empty() || !finite(xs) || !finite(ys))
        throw input_error{title, "points", "at least one, all finite", ys.empty() ? "none" : "one that is not"};
    std::vector<key_entry> key;
    for (std::size_t s = 0; s < shown.size(); ++s) {
        const std::string colour{kind_colours[s % kind_colours.size()]};
        key.push_back({shown[s].name, kind_markers[s % kind_markers.size()], 4, {.fill = colour}, line_paint(colour, kind_dash(s))});
    }
    svg_plot plot{title,
                  x_name,
                  data_range(xs, options.x.scale),
                  y_name,
                  data_range(ys, options.y.scale),
                  plot_layout{.x = options.x, .y = options.y, .picture = options.picture, .beside = room_beside(key, options.picture, 140)}};
    plot.begin_area_clip();
    for (const double x : verticals)
        if (plot.across.holds(x)) plot.polyline({{plot.across.at(x), plot.bottom}, {plot.across.at(x), plot.top}}, line_paint("#999999", "2 4"));
    std::size_t outside = 0, without_place = 0;
    for (std::size_t s = 0; s < shown.size(); ++s) {
        std::vector<position> corners;
        for (const auto& [x, y] : shown[s].points) {
            if (plot.has_place_for(x, y)) corners.push_back(plot.at(x, y));
            else ++without_place;
        }
        if (corners.size() > 1) plot.polyline(corners, key[s].line);
        for (const auto& [x, y] : shown[s].points) {
            if (!plot.has_place_for(x, y)) continue;
            if (!plot.holds(x, y)) ++outside;
            else
                draw_marker(plot, key[s].marker, plot.at(x, y), 4, key[s].filled,
                            plot.tooltip(shown[s].name + ": " + rounded_text(x) + ", " + rounded_text(y)));
        }
    }
    plot.end_area_clip();
    draw_key_beside(plot, key, 14);
    plot.count_outside(outside, "point", "points");
    plot.count_without_logarithm(without_place, "point", "points");
    return std::move(plot).finished();
}
VERDANT_DEFINED_ONCE(std::string series_svg<>(std::string_view, std::string_view, std::string_view, std::span<const series>, std::span<const double>,
                                              const series_options&));

} // namespace verdant::plot
