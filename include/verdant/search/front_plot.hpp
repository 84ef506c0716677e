#pragma once

#include <verdant/search/objective_plane.hpp>
#include <verdant/search/result.hpp>
#include <verdant/search/svg_plot.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// The picture itself.
template <class Trial>
[[nodiscard]] std::string draw_front(std::string_view title, const shown_objective& x, const shown_objective& y, const std::vector<Trial>& trials,
                                     const std::vector<Trial>& front) {
    constexpr std::string_view green = "#1b7f4d", grey = "#8f9ba6", pale = "#f0bfa8";
    svg_plot plot{title, x.name, x.shown(plotted_range(front, trials, &Trial::x)), y.name, y.shown(plotted_range(front, trials, &Trial::y))};
    const auto dot = [&](const Trial& t, double radius, std::string_view colour) {
        const auto across = x.shown(t.x), up = y.shown(t.y);
        if (!plot.holds(across, up)) return false;
        plot.circle(plot.across.at(across), plot.up.at(up), radius, colour);
        return true;
    };
    const auto legend = [&](double at, std::string_view colour, std::string_view words) {
        plot.circle(at, 588, 4, colour);
        plot.text(at + 9, 592, "start", words);
    };
    std::size_t outside = 0;
    for (const bool feasible : {false, true})
        for (const auto& t : trials)
            if (t.feasible == feasible) outside += dot(t, 2, feasible ? grey : pale) ? 0 : 1;
    draw_stairs(plot, x, y, stairs(front), green);
    for (const auto& t : front) dot(t, 4, green);
    legend(100, green, "Pareto front");
    legend(230, grey, "feasible");
    legend(330, pale, "breaks a constraint");
    plot.count_outside(outside);
    return std::move(plot).finished();
}

} // namespace detail

/// A picture (SVG) of the trials over the first two objectives: the Pareto front with the border of what it dominates, other feasible trials
/// grey, infeasible ones pale. Trials that are worse than the whole front by more than twice its extent are left out and counted.
template <class Space, class Goals>
    requires(Goals::objective_count >= 2)
[[nodiscard]] std::string front_svg(const search_result<Space, Goals>& result, std::string_view title) {
    const auto objectives = detail::shown_objectives<Goals>();
    const auto& x = objectives[0];
    const auto& y = objectives[1];
    return detail::draw_front(title, x, y, detail::plotted_trials(result.trials(), x, y), detail::plotted_trials(result.front(), x, y));
}

} // namespace verdant
