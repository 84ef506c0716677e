#pragma once

#include <verdant/search/objective_plane.hpp>
#include <verdant/search/plot_colours.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/svg_plot.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

template <class Trial>
struct plotted_front {
    std::string_view name;
    std::vector<Trial> trials;
};

/// The picture itself.
template <class Trial>
[[nodiscard]] std::string draw_overlap(std::string_view title, const shown_objective& x, const shown_objective& y,
                                       const std::vector<plotted_front<Trial>>& fronts) {
    std::vector<Trial> all;
    for (const auto& f : fronts) all.insert(all.end(), f.trials.begin(), f.trials.end());
    svg_plot plot{title, x.name, x.shown(plotted_range(all, all, &Trial::x)), y.name, y.shown(plotted_range(all, all, &Trial::y)), 600};
    const double line_height = std::min(22.0, (svg_plot::bottom - svg_plot::top) / static_cast<double>(std::max<std::size_t>(fronts.size(), 1)));
    for (std::size_t i = 0; i < fronts.size(); ++i) {
        const auto& front = fronts[i].trials;
        const std::string colour{kind_colours[i % kind_colours.size()]};
        const auto line = colour + "\" stroke-dasharray=\"" + std::string{kind_dashes[i / kind_colours.size() % kind_dashes.size()]};
        draw_stairs(plot, x, y, stairs(front), line);
        for (const auto& t : front) plot.circle(plot.across.at(x.shown(t.x)), plot.up.at(y.shown(t.y)), 3, colour);
        const auto at = svg_plot::top + 8 + static_cast<double>(i) * line_height;
        const auto level = ',' + svg_plot::number(at);
        plot.polyline("612" + level + " 640" + level, line);
        plot.circle(626, at, 3, colour);
        plot.text(648, at + 4, "start", std::string{fronts[i].name} + (front.empty() ? " (no front)" : ""));
    }
    return std::move(plot).finished();
}

} // namespace detail

/// A picture (SVG) of the Pareto fronts of several runs over the first two objectives, each with the border of what it dominates in a colour of its
/// own, and a key of their names. Runs may differ in seed, optimizer or limits; space and goals are the same. From the eighth run on colours come
/// again with other dashes.
/// @param runs names of at most about 20 letters, and results
template <class Space, class Goals>
    requires(Goals::objective_count >= 2)
[[nodiscard]] std::string overlap_svg(const std::vector<std::pair<std::string, search_result<Space, Goals>>>& runs, std::string_view title) {
    const auto objectives = detail::shown_objectives<Goals>();
    const auto& x = objectives[0];
    const auto& y = objectives[1];
    std::vector<detail::plotted_front<detail::plotted_trial>> fronts;
    for (const auto& [name, result] : runs) fronts.push_back({name, detail::plotted_trials(result.front(), x, y)});
    return detail::draw_overlap(title, x, y, fronts);
}

} // namespace verdant
