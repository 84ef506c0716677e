#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/search/plot_axis.hpp>
#include <verdant/search/plot_colours.hpp>
#include <verdant/search/report.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/svg_plot.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

/// A range of values in the unit that reports use, `{0, 50}`. An end that is NaN is that of the data.
struct plot_range {
    double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();
};

/// What a scatter plot shows: by default everything.
struct scatter_options {
    plot_range x{}, y{}; ///< trials beyond the axes are counted, not drawn
    plot_range colour{}; ///< values beyond it have the colour of its end
};

namespace detail {

/// One trial of a scatter plot, in the units shown.
struct scattered_trial {
    double x, y, colour;
    bool feasible, front;
};

template <class Trial>
[[nodiscard]] std::pair<double, double> scattered_range(const std::vector<Trial>& trials, double Trial::* of, const plot_range& asked) {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    double low = infinity, high = -infinity;
    for (const auto& t : trials)
        if (std::isfinite(t.*of)) low = std::min(low, t.*of), high = std::max(high, t.*of);
    if (low > high) low = 0, high = 1;
    if (std::isfinite(asked.low)) low = asked.low;
    if (std::isfinite(asked.high)) high = asked.high;
    return {std::min(low, high), std::max(low, high)};
}

/// The picture itself.
template <class Trial>
[[nodiscard]] std::string draw_scatter(std::string_view title, std::string_view x, std::string_view y, std::string_view colour,
                                       const std::vector<Trial>& trials, const scatter_options& options) {
    svg_plot plot{title, x, scattered_range(trials, &Trial::x, options.x), y, scattered_range(trials, &Trial::y, options.y), 660};
    const auto colours = scattered_range(trials, &Trial::colour, options.colour);
    const plot_axis bar{colours.first, colours.second, svg_plot::bottom, svg_plot::top};
    const auto colour_of = [&](const Trial& t) {
        return scale_colour((std::clamp(t.colour, bar.low(), bar.high()) - bar.low()) / (bar.high() - bar.low()));
    };
    std::size_t outside = 0;
    const auto draw = [&](bool feasible, bool front) {
        for (const auto& t : trials) {
            if (t.feasible != feasible || t.front != front) continue;
            if (!plot.holds(t.x, t.y)) {
                ++outside;
                continue;
            }
            const auto c = colour_of(t);
            plot.circle(plot.across.at(t.x), plot.up.at(t.y), front ? 5 : 3,
                        front      ? c + "\" stroke=\"#000000\" stroke-width=\"1.5"
                        : feasible ? c
                                   : "none\" stroke=\"" + c);
        }
    };
    draw(false, false);
    draw(true, false);
    draw(true, true);

    plot.element("<defs><linearGradient id=\"verdant-scale\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">");
    for (int i = 0; i <= 8; ++i) plot.element("<stop offset=\"" + svg_plot::number(i / 8.0) + "\" stop-color=\"" + scale_colour(i / 8.0) + "\"/>");
    plot.element("</linearGradient></defs>\n<rect x=\"690\" y=\"" + svg_plot::number(svg_plot::top) + "\" width=\"16\" height=\"" +
                 svg_plot::number(svg_plot::bottom - svg_plot::top) + "\" fill=\"url(#verdant-scale)\"/>\n");
    for (const auto t : bar.ticks()) plot.text(712, bar.at(t) + 4, "start", rounded_text(t, 4));
    plot.text(780, 285, "middle\" transform=\"rotate(-90 780 285)", colour);
    const auto legend = [&](double at, double radius, std::string_view paint, std::string_view words) {
        plot.circle(at, 588, radius, paint);
        plot.text(at + 9, 592, "start", words);
    };
    legend(100, 5, "white\" stroke=\"#000000\" stroke-width=\"1.5", "Pareto front");
    legend(230, 3, "#8f9ba6", "feasible");
    legend(330, 3, "none\" stroke=\"#8f9ba6", "breaks a constraint");
    plot.count_outside(outside);
    return std::move(plot).finished();
}

} // namespace detail

/// A picture (SVG) of all completed trials over two metrics, coloured by a third one with a bar that says its values: the trials of the Pareto
/// front are ringed black, infeasible ones are hollow. The axes show the values as they are, so better is to the right or up where a metric is
/// maximised, to the left or down where it is minimised.
///
///     io::write_file("carbon.svg", scatter_svg<total_carbon, accuracy, latency>(found, "carbon", {.colour = {0, 50}})); // ms
///
/// @tparam X, Y, Colour metrics that the goals record, also tracked ones
template <metric_like X, metric_like Y, metric_like Colour, class Space, class Goals>
[[nodiscard]] std::string scatter_svg(const search_result<Space, Goals>& result, std::string_view title, const scatter_options& options = {}) {
    std::vector<std::uint64_t> front;
    for (const auto& t : result.front()) front.push_back(t.number);
    std::sort(front.begin(), front.end());
    std::vector<detail::scattered_trial> plotted;
    for (const auto& t : result.trials())
        if (t.completed())
            plotted.push_back({detail::reported<X>(t.values), detail::reported<Y>(t.values), detail::reported<Colour>(t.values), t.feasible(),
                               std::binary_search(front.begin(), front.end(), t.number)});
    return detail::draw_scatter(title, detail::column_name<X>(), detail::column_name<Y>(), detail::column_name<Colour>(), plotted, options);
}

} // namespace verdant
