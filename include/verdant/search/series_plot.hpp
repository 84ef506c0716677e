#pragma once

#include <verdant/error.hpp>
#include <verdant/search/plot_colours.hpp>
#include <verdant/search/svg_plot.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

/// Points that belong together: marked and joined by lines in their order.
struct plot_series {
    std::string name;
    std::vector<std::pair<double, double>> points; ///< x and y
};

/// A picture (SVG) of some series over the same axes, with a key.
/// @param verticals x values marked by dotted lines, such as limits
/// @throws input_error where there is no point, or one is not finite
[[nodiscard]] inline std::string series_svg(std::string_view title, std::string_view x_name, std::string_view y_name,
                                            std::span<const plot_series> series, std::span<const double> verticals = {}) {
    std::vector<double> xs{verticals.begin(), verticals.end()}, ys;
    for (const auto& s : series)
        for (const auto& [x, y] : s.points) {
            xs.push_back(x);
            ys.push_back(y);
        }
    const auto finite = [](const std::vector<double>& all) { return std::all_of(all.begin(), all.end(), [](double v) { return std::isfinite(v); }); };
    if (ys.empty() || !finite(xs) || !finite(ys))
        throw input_error{title, "points", "at least one, all finite", ys.empty() ? "none" : "one that is not"};
    const auto range = [](const std::vector<double>& all) {
        const auto [least, greatest] = std::minmax_element(all.begin(), all.end());
        return std::pair{*least, *greatest};
    };
    detail::svg_plot plot{title, x_name, range(xs), y_name, range(ys), 660};
    const auto number = [](double v) { return detail::svg_plot::number(v); };
    for (const double x : verticals) {
        const auto at = number(plot.across.at(x));
        plot.polyline(at + ',' + number(detail::svg_plot::bottom) + ' ' + at + ',' + number(detail::svg_plot::top),
                      "#999999\" stroke-dasharray=\"2 4");
    }
    double key = detail::svg_plot::top + 10;
    for (std::size_t s = 0; s < series.size(); ++s) {
        const std::string colour{detail::kind_colours[s % detail::kind_colours.size()]};
        const std::string dashes{detail::kind_dashes[s / detail::kind_colours.size() % detail::kind_dashes.size()]};
        std::string corners;
        for (const auto& [x, y] : series[s].points) corners += (corners.empty() ? "" : " ") + number(plot.across.at(x)) + ',' + number(plot.up.at(y));
        if (series[s].points.size() > 1) plot.polyline(corners, colour + "\" stroke-dasharray=\"" + dashes);
        for (const auto& [x, y] : series[s].points) plot.circle(plot.across.at(x), plot.up.at(y), 4, colour);
        plot.circle(plot.right() + 18, key - 4, 4, colour);
        plot.text(plot.right() + 28, key, "start", series[s].name);
        key += 20;
    }
    return std::move(plot).finished();
}

} // namespace verdant
