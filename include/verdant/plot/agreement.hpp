#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/colours.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Predictions against what they predict: whether a predictor agrees with measurements.
namespace verdant::plot {

/// What a picture of predictions may be asked for.
struct agreement_options {
    double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN(); ///< ends of both axes; NaN: the data's
    plot::scale scale = plot::scale::linear;                                                                ///< of both axes
    picture_options picture{};
};

/// A picture (SVG) of predictions against what they predict: both axes have the same range, and points on the dashed diagonal are exact.
/// @param points pairs of an actual and a predicted value; the picture has room for any number, and counts those instead that are not finite or, on
///        logarithmic axes, not above 0
/// @throws what `axis` and `sized` throw
template <class = instantiated_when_used>
[[nodiscard]] std::string agreement_svg(std::string_view title, std::string_view actual, std::string_view predicted,
                                        const std::vector<std::pair<double, double>>& points, const agreement_options& options = {}) {
    std::vector<double> values;
    std::size_t infinite = 0, without_place = 0, outside = 0;
    for (const auto& [x, y] : points) {
        if (!std::isfinite(x) || !std::isfinite(y)) ++infinite;
        else values.insert(values.end(), {x, y});
    }
    const auto range = data_range(values, options.scale);
    const auto ends = [&](std::string_view name) {
        return axis_options{.low = options.low, .high = options.high, .scale = options.scale, .label = std::string{name}};
    };
    svg_plot plot{title, actual, range, predicted, range, plot_layout{.x = ends(actual), .y = ends(predicted), .picture = options.picture}};
    const auto least = plot.across.low(), greatest = plot.across.high();
    plot.polyline({plot.at(least, least), plot.at(greatest, greatest)}, line_paint("#8f9ba6", "6 4"));
    const paint filled{.fill = std::string{kind_colours.front()}};
    for (const auto& [x, y] : points) {
        if (!std::isfinite(x) || !std::isfinite(y)) continue;
        if (!plot.has_place_for(x, y)) ++without_place;
        else if (!plot.holds(x, y)) ++outside;
        else
            plot.circle(plot.at(x, y), 4, filled,
                        plot.tooltip(std::string{actual} + ' ' + rounded_text(x) + ", " + std::string{predicted} + ' ' + rounded_text(y)));
    }
    if (infinite > 0) plot.note(std::to_string(infinite) + (infinite == 1 ? " point is" : " points are") + " not finite");
    plot.count_outside(outside, "point", "points");
    plot.count_without_logarithm(without_place, "point", "points");
    return std::move(plot).finished();
}
VERDANT_DEFINED_ONCE(std::string agreement_svg<>(std::string_view, std::string_view, std::string_view, const std::vector<std::pair<double, double>>&,
                                                 const agreement_options&));

} // namespace verdant::plot
