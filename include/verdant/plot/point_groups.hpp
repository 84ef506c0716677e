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
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Pictures of groups of points, with error bars, names and lines of reference.
namespace verdant::plot {

/// A point, how far it may be off, and what it is called.
struct measured_point {
    double x = 0, y = 0;
    double x_error = 0, y_error = 0; ///< half lengths of the bars through it; 0: none
    std::string name{};              ///< what viewers show of it under the pointer, and what is written beside it where the group says so
};

/// Whether the points of a group are joined, in their order.
enum class joined : std::uint8_t { no, yes };
/// Where the names of points stand.
enum class point_names : std::uint8_t { under_the_pointer, beside };

/// Points of one kind.
struct point_group {
    std::string name;
    std::vector<measured_point> points;
    plot::joined joined = plot::joined::no;
    point_names names = point_names::under_the_pointer;
};

/// A value on the upright axis that points are compared with, drawn as a dashed line across the picture.
struct level_line {
    std::string name;
    double y = 0;
};

/// What a picture of groups may be asked for.
struct point_groups_options {
    axis_options x{}, y{}; ///< points beyond the axes are counted, not drawn
    bool identity = false; ///< both axes are alike, and a dashed line joins what is the same on both
    double radius = 4;
    std::vector<level_line> levels{};
    std::vector<std::string> box{}; ///< lines of text in a corner of the axes, such as metrics
    picture_options picture{};
};

namespace detail {

/// The range of all points with their bars. @throws input_error where there is none, or a number is not finite
[[nodiscard]] inline std::pair<std::vector<double>, std::vector<double>> extents_of(std::string_view title, std::span<const point_group> groups,
                                                                                    const point_groups_options& options) {
    std::vector<double> xs, ys;
    for (const auto& g : groups)
        for (const auto& p : g.points) {
            if (p.x_error < 0 || p.y_error < 0)
                throw input_error{title, g.name + ", point " + std::to_string(&p - g.points.data() + 1), "errors of 0 or more",
                                  exact_text(p.x_error) + " and " + exact_text(p.y_error)};
            xs.insert(xs.end(), {p.x - p.x_error, p.x + p.x_error});
            ys.insert(ys.end(), {p.y - p.y_error, p.y + p.y_error});
        }
    const bool some = !xs.empty();
    for (const auto& l : options.levels) ys.push_back(l.y);
    const auto finite = [](const std::vector<double>& all) { return std::all_of(all.begin(), all.end(), [](double v) { return std::isfinite(v); }); };
    if (!some || !finite(xs) || !finite(ys)) throw input_error{title, "points", "at least one, all finite", some ? "one that is not" : "none"};
    return {std::move(xs), std::move(ys)};
}

/// The corner of the axes that the fewest points are in, so that a box hides little: whether it is on the right, and below.
[[nodiscard]] inline std::pair<bool, bool> emptiest_corner(const plot_area& area, std::span<const point_group> groups) {
    std::size_t count[4]{};
    for (const auto& g : groups)
        for (const auto& p : g.points) {
            if (!area.holds(p.x, p.y)) continue;
            const auto at = area.at(p.x, p.y);
            const auto across = (at.x - area.left) / (area.right() - area.left), down = (at.y - area.top) / (area.bottom - area.top);
            if ((across < 0.4 || across > 0.6) && (down < 0.4 || down > 0.6)) ++count[(across > 0.5 ? 1 : 0) + (down > 0.5 ? 2 : 0)];
        }
    const auto least = std::min_element(count, count + 4) - count;
    return {least % 2 == 1, least / 2 == 1};
}

struct named_position {
    position at;
    std::string name;
};

/// Writes names beside their marks, on the first of four sides where they meet no mark and no other name. A name without such a side is left to the
/// pointer.
template <class = instantiated_when_used>
void draw_names(svg_plot& plot, std::span<const named_position> all) {
    struct box {
        double left, top, right, bottom;
        [[nodiscard]] bool meets(const box& o) const { return left < o.right && o.left < right && top < o.bottom && o.top < bottom; }
    };
    const auto size = plot.scaled(10), off = plot.scaled(7), half = plot.scaled(4);
    std::vector<box> taken;
    for (const auto& n : all) taken.push_back({n.at.x - half, n.at.y - half, n.at.x + half, n.at.y + half});
    for (const auto& n : all) {
        const auto wide = text_width(n.name, size);
        for (const auto& [right, below] : {std::pair{true, false}, {false, false}, {true, true}, {false, true}}) {
            const auto y = n.at.y + (below ? size + plot.scaled(2) : -plot.scaled(4)), x = n.at.x + (right ? off : -off);
            const box here{right ? x : x - wide, y - size, right ? x + wide : x, y + plot.scaled(2)};
            if (here.left < plot.left || here.right > plot.right() || here.top < plot.top || here.bottom > plot.bottom) continue;
            if (std::any_of(taken.begin(), taken.end(), [&](const box& b) { return b.meets(here); })) continue;
            taken.push_back(here);
            plot.text({x, y}, n.name, {.anchor = right ? anchor::start : anchor::end, .colour = "#333333", .size = size});
            break;
        }
    }
}

template <class = instantiated_when_used>
void draw_text_box(svg_plot& plot, std::span<const std::string> lines, std::pair<bool, bool> corner) {
    if (lines.empty()) return;
    const auto size = plot.scaled(12), line = plot.scaled(17), margin = plot.scaled(10);
    double wide = 0;
    for (const auto& l : lines) wide = std::max(wide, text_width(l, size));
    wide = std::min(wide + 2 * margin, (plot.right() - plot.left) * 0.6);
    const auto high = line * static_cast<double>(lines.size()) + margin;
    const position at{corner.first ? plot.right() - wide - margin : plot.left + margin,
                      corner.second ? plot.bottom - high - margin : plot.top + margin};
    plot.rectangle(at, wide, high, {.fill = "white", .stroke = "#999999", .opacity = 0.9}, plot.scaled(3));
    for (std::size_t i = 0; i < lines.size(); ++i)
        plot.text({at.x + margin, at.y + line * static_cast<double>(i + 1)}, fitted(lines[i], wide - 2 * margin, size),
                  {.colour = "black", .size = size});
}

} // namespace detail

/// A picture (SVG) of groups of points, each with a colour and a mark of its own, and a key below. Points without a place on a logarithmic axis are
/// left out and counted.
/// @throws input_error where there is no point, or one is not finite, for an error below 0, and what `axis` and `sized` throw
template <class = instantiated_when_used>
[[nodiscard]] std::string point_groups_svg(std::string_view title, std::string_view x_name, std::string_view y_name,
                                           std::span<const point_group> groups, const point_groups_options& options = {}) {
    auto [xs, ys] = detail::extents_of(title, groups, options);
    if (options.identity) {
        xs.insert(xs.end(), ys.begin(), ys.end());
        ys = xs;
    }
    std::vector<key_entry> key;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const std::string colour{kind_colours[g % kind_colours.size()]};
        key.push_back({groups[g].name,
                       kind_markers[g % kind_markers.size()],
                       4,
                       {.fill = colour},
                       groups[g].joined == joined::yes ? line_paint(colour, kind_dash(g)) : paint{}});
    }
    for (std::size_t l = 0; l < options.levels.size(); ++l)
        key.push_back(
            {options.levels[l].name, marker::circle, 0, {}, line_paint(std::string{kind_colours[(groups.size() + l) % kind_colours.size()]}, "6 4")});
    svg_plot plot{title,
                  x_name,
                  data_range(xs, options.x.scale),
                  y_name,
                  data_range(ys, options.y.scale),
                  plot_layout{.x = options.x, .y = options.y, .picture = options.picture, .key_rows = key_rows(key, options.picture)}};
    if (options.identity) {
        const auto low = std::max(plot.across.low(), plot.up.low()), high = std::min(plot.across.high(), plot.up.high());
        if (low < high) plot.polyline({plot.at(low, low), plot.at(high, high)}, line_paint("#8f9ba6", "6 4"));
    }
    for (std::size_t l = 0; l < options.levels.size(); ++l)
        if (const auto y = options.levels[l].y; plot.up.holds(y))
            plot.polyline({{plot.left, plot.up.at(y)}, {plot.right(), plot.up.at(y)}}, key[groups.size() + l].line);
    std::size_t outside = 0, without_place = 0;
    std::vector<detail::named_position> named;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto bar = line_paint(std::string{kind_colours[g % kind_colours.size()]}, {}, 1);
        std::vector<position> corners;
        for (const auto& p : groups[g].points) {
            if (!plot.has_place_for(p.x, p.y)) {
                ++without_place;
                continue;
            }
            if (!plot.holds(p.x, p.y)) {
                ++outside;
                continue;
            }
            corners.push_back(plot.at(p.x, p.y));
            // What has no place on a logarithmic axis lies beyond its lower end.
            const auto begin = [](const axis& on, double value) { return on.has_place_for(value) ? value : on.low(); };
            if (p.x_error > 0) plot.line(plot.at(begin(plot.across, p.x - p.x_error), p.y), plot.at(p.x + p.x_error, p.y), bar);
            if (p.y_error > 0) plot.line(plot.at(p.x, begin(plot.up, p.y - p.y_error)), plot.at(p.x, p.y + p.y_error), bar);
        }
        if (groups[g].joined == joined::yes && corners.size() > 1) plot.polyline(corners, key[g].line);
        for (const auto& p : groups[g].points) {
            if (!plot.has_place_for(p.x, p.y) || !plot.holds(p.x, p.y)) continue;
            const auto at = plot.at(p.x, p.y);
            draw_marker(plot, key[g].marker, at, options.radius, key[g].filled,
                        plot.tooltip((p.name.empty() ? groups[g].name : p.name) + ": " + rounded_text(p.x) + ", " + rounded_text(p.y)));
            if (groups[g].names == point_names::beside && !p.name.empty()) named.push_back({at, p.name});
        }
    }
    detail::draw_names(plot, named);
    detail::draw_text_box(plot, options.box, detail::emptiest_corner(plot, groups));
    draw_key_below(plot, key);
    plot.count_outside(outside, "point", "points");
    plot.count_without_logarithm(without_place, "point", "points");
    return std::move(plot).finished();
}
VERDANT_DEFINED_ONCE(std::string point_groups_svg<>(std::string_view, std::string_view, std::string_view, std::span<const point_group>,
                                                    const point_groups_options&));

} // namespace verdant::plot
