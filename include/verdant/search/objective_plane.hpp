#pragma once

#include <verdant/search/report.hpp>
#include <verdant/search/svg_plot.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::detail {

/// One objective as a report shows it.
struct shown_objective {
    std::string name;
    double factor = 1, sign = 1;
    /// The value that is to be small, in the unit shown, and back.
    [[nodiscard]] double cost(double si_cost) const { return si_cost / factor; }
    [[nodiscard]] double shown(double cost) const { return sign * cost; }
    /// A range of costs as one of values, the lower end first.
    [[nodiscard]] std::pair<double, double> shown(std::pair<double, double> costs) const {
        const auto a = shown(costs.first), b = shown(costs.second);
        return {std::min(a, b), std::max(a, b)};
    }
    /// The end of an axis where values are worse.
    [[nodiscard]] double worse_end(const plot_axis& axis) const { return sign > 0 ? axis.high() : axis.low(); }
};

template <class Goals>
[[nodiscard]] std::vector<shown_objective> shown_objectives() {
    std::vector<shown_objective> all;
    Goals::for_each([&all]<class G>() {
        if constexpr (objective<G>) all.push_back({column_name<typename G::metric_type>(), G::metric_type::unit::factor, G::maximized ? -1.0 : 1.0});
    });
    return all;
}

/// What is drawn of a trial: costs over two objectives. The functions that draw are templates over it so that only programs that draw compile them.
struct plotted_trial {
    double x, y;
    bool feasible;
};

/// The completed trials whose first two objectives are finite.
template <class Trials>
[[nodiscard]] std::vector<plotted_trial> plotted_trials(const Trials& trials, const shown_objective& x, const shown_objective& y) {
    std::vector<plotted_trial> plotted;
    for (const auto& t : trials) {
        const plotted_trial p{x.cost(t.objectives[0]), y.cost(t.objectives[1]), t.feasible()};
        if (t.completed() && std::isfinite(p.x) && std::isfinite(p.y)) plotted.push_back(p);
    }
    return plotted;
}

/// The range of costs that a picture shows of one objective: all of the front and, of what is worse, twice as much.
template <class Trial>
[[nodiscard]] std::pair<double, double> plotted_range(const std::vector<Trial>& front, const std::vector<Trial>& all, double Trial::* axis) {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    double best = infinity, worst = -infinity;
    for (const auto& t : front.empty() ? all : front) {
        best = std::min(best, t.*axis);
        worst = std::max(worst, t.*axis);
    }
    if (best > worst) return {0, 1};
    const auto extent = worst > best ? worst - best : std::abs(worst) * 0.5;
    const auto limit = worst + 2 * extent;
    for (const auto& t : all)
        if (t.*axis <= limit) worst = std::max(worst, t.*axis);
    return {best, worst};
}

/// The front over the two objectives alone: what of it is not dominated there, from the left to the right.
template <class Trial>
[[nodiscard]] std::vector<Trial> stairs(std::vector<Trial> front) {
    std::sort(front.begin(), front.end(), [](const Trial& a, const Trial& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    std::vector<Trial> kept;
    for (const auto& t : front)
        if (kept.empty() || t.y < kept.back().y) kept.push_back(t);
    return kept;
}

/// Draws the border of what a front dominates, which reaches to the worse ends of the picture.
/// @param front what `stairs` made
/// @param paint see `svg_plot::polyline`
template <class Trial>
void draw_stairs(svg_plot& plot, const shown_objective& x, const shown_objective& y, const std::vector<Trial>& front, std::string_view paint) {
    if (front.empty()) return;
    const auto across = [&](double cost) { return svg_plot::number(plot.across.at(x.shown(cost))); };
    const auto up = [&](double cost) { return svg_plot::number(plot.up.at(y.shown(cost))); };
    const auto worst_x = svg_plot::number(plot.across.at(x.worse_end(plot.across)));
    std::string corners = across(front.front().x) + ',' + svg_plot::number(plot.up.at(y.worse_end(plot.up)));
    for (std::size_t i = 0; i < front.size(); ++i) {
        corners += ' ' + across(front[i].x) + ',' + up(front[i].y);
        corners += ' ' + (i + 1 < front.size() ? across(front[i + 1].x) : worst_x) + ',' + up(front[i].y);
    }
    plot.polyline(corners, paint);
}

} // namespace verdant::detail
