#pragma once

#include <verdant/search/plot_colours.hpp>
#include <verdant/search/svg_plot.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

/// A picture (SVG) of predictions against what they predict: both axes have the same range, and points on the dashed diagonal are exact.
/// @param points pairs of an actual and a predicted value, all finite; the picture has room for any number
[[nodiscard]] inline std::string agreement_svg(std::string_view title, std::string_view actual, std::string_view predicted,
                                               const std::vector<std::pair<double, double>>& points) {
    double low = points.empty() ? 0 : points.front().first, high = points.empty() ? 1 : low;
    for (const auto& [x, y] : points) {
        low = std::min({low, x, y});
        high = std::max({high, x, y});
    }
    detail::svg_plot plot{title, actual, {low, high}, predicted, {low, high}};
    const auto corner = [&](double value) {
        return detail::svg_plot::number(plot.across.at(value)) + ',' + detail::svg_plot::number(plot.up.at(value));
    };
    plot.polyline(corner(plot.across.low()) + ' ' + corner(plot.across.high()), "#8f9ba6\" stroke-dasharray=\"6 4");
    for (const auto& [x, y] : points) plot.circle(plot.across.at(x), plot.up.at(y), 4, detail::kind_colours.front());
    return std::move(plot).finished();
}

} // namespace verdant
