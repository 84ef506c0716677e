#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/detail/trial_marks.hpp>
#include <verdant/report/detail/trial_words.hpp>
#include <verdant/report/report.hpp>
#include <verdant/search/option_slips.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The plane of two objectives that pictures of results are drawn in.
namespace verdant {

/// What is asked of an axis of a picture of results, `{0, 50}`: values in the unit that reports use. An end that is NaN is that of the data.
using plot_range = plot::axis_options;

namespace detail {

// As in `option_slips.hpp`, for the parts of the options of pictures.
struct misspelt_axis {
    any_argument low{}, min{}, lower{}, from{}, high{}, max{}, upper{}, to{}, scale{}, scales{}, log{}, label{}, labels{}, title{}, name{};
};
struct misspelt_picture {
    any_argument width{}, widht{}, height{}, hight{}, font_size{}, fontsize{}, size{}, font{}, fonts{}, tooltips{}, tooltip{};
};
/// The options of pictures of one plane or over trials, with those of each among them.
struct misspelt_plot_options {
    misspelt_axis x{}, x_axis{}, xaxis{}, y{}, y_axis{}, yaxis{}, axis{}, axes{};
    misspelt_axis colour{}, colours{}, color{}, colors{};
    any_argument band{}, bands{};
    any_list baselines{}, baseline{};
    misspelt_picture picture{}, pictures{};
    any_argument size{}, width{}, height{};
};
struct misspelt_objective_range {
    any_argument metric{};
    misspelt_axis axis{};
};

} // namespace detail

namespace detail {

/// One objective as a report shows it.
struct shown_objective {
    std::string name;
    double factor = 1, sign = 1;
    std::string_view metric{};
    /// The value that is to be small, in the unit shown, and back.
    [[nodiscard]] double cost(double si_cost) const { return si_cost / factor; }
    [[nodiscard]] double shown(double cost) const { return sign * cost; }
    /// A range of costs as one of values, the lower end first.
    [[nodiscard]] std::pair<double, double> shown(std::pair<double, double> costs) const {
        const auto a = shown(costs.first), b = shown(costs.second);
        return {std::min(a, b), std::max(a, b)};
    }
    /// The end of an axis where values are worse.
    [[nodiscard]] double worse_end(const plot::axis& axis) const { return sign > 0 ? axis.high() : axis.low(); }
};

template <class Goals>
[[nodiscard]] std::vector<shown_objective> shown_objectives() {
    std::vector<shown_objective> all;
    Goals::for_each([&all]<class G>() {
        using metric = typename G::metric_type;
        if constexpr (objective<G>) all.push_back({column_name<metric>(), metric::unit::factor, G::maximized ? -1.0 : 1.0, metric::name()});
    });
    return all;
}

/// What is drawn of a trial: costs over two objectives. The functions that draw are templates over it so that only programs that draw compile them.
struct plotted_trial {
    double x, y;
    bool feasible;
    std::string words{}; ///< what is shown of it under the pointer
};

/// Trials that have no place in a plane, whatever its axes.
struct unplaced_trials {
    std::size_t failed = 0, infinite = 0;
};

/// Notes how many trials failed, or have an infinite value; nothing for none.
template <class = instantiated_when_used>
void count_unplaced(plot::svg_plot& plot, const unplaced_trials& unplaced) {
    const auto note = [&plot](std::size_t trials, std::string_view words) {
        if (trials > 0) plot.note(std::to_string(trials) + (trials == 1 ? " trial " : " trials ") + std::string{words});
    };
    note(unplaced.failed, "failed");
    note(unplaced.infinite, "with an infinite value");
}

/// The completed trials whose two objectives, by their places among the goals, are finite.
/// @param unplaced counts the others, where it is given
template <class Trials>
[[nodiscard]] std::vector<plotted_trial> plotted_trials(const Trials& trials, const shown_objective& x, const shown_objective& y,
                                                        std::size_t x_place = 0, std::size_t y_place = 1, bool with_words = true,
                                                        unplaced_trials* unplaced = nullptr) {
    std::vector<plotted_trial> plotted;
    for (const auto& t : trials) {
        plotted_trial p{x.cost(t.objectives[x_place]), y.cost(t.objectives[y_place]), t.feasible()};
        if (!t.completed() || !std::isfinite(p.x) || !std::isfinite(p.y)) {
            if (unplaced != nullptr) ++(t.completed() ? unplaced->infinite : unplaced->failed);
            continue;
        }
        if (with_words) p.words = trial_words(t);
        plotted.push_back(std::move(p));
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
    // What only rounding tells apart has no extent, as for `plot::axis`.
    const auto size = std::max(std::abs(best), std::abs(worst));
    const auto extent = worst - best > 1e-9 * size ? worst - best : size * 0.5;
    const auto limit = worst + 2 * extent;
    for (const auto& t : all)
        if (t.*axis <= limit) worst = std::max(worst, t.*axis);
    return {best, worst};
}

/// Widens ranges of costs until at least half of the feasible trials lie within all of them, by the trials that lie beyond by the fewest extents: a
/// front of one trial, or of a few close to each other, says little of how far the others lie.
/// @param axes where trials have the costs of each range
template <class Trial, std::size_t N>
void widen_to_half(std::array<std::pair<double, double>, N>& ranges, const std::array<double Trial::*, N>& axes, const std::vector<Trial>& trials) {
    struct distance {
        double extents;
        const Trial* from;
    };
    std::vector<distance> beyond;
    for (const auto& t : trials) {
        if (!t.feasible) continue;
        double most = 0;
        for (std::size_t a = 0; a < N; ++a) {
            const auto [best, worst] = ranges[a];
            const auto off = t.*axes[a] - worst;
            if (off > 0) most = std::max(most, worst > best ? off / (worst - best) : std::numeric_limits<double>::infinity());
        }
        beyond.push_back({most, &t});
    }
    std::sort(beyond.begin(), beyond.end(),
              [](const distance& a, const distance& b) { return a.extents != b.extents ? a.extents < b.extents : a.from < b.from; });
    for (std::size_t i = 0; i < (beyond.size() + 1) / 2; ++i)
        for (std::size_t a = 0; a < N; ++a) ranges[a].second = std::max(ranges[a].second, beyond[i].from->*axes[a]);
}

/// A baseline in a plane, in the units shown.
struct plotted_baseline {
    std::string name;
    double x, y;
};
template <class = instantiated_when_used>
[[nodiscard]] std::vector<plotted_baseline> plotted_baselines(const std::vector<baseline>& all, const shown_objective& x, const shown_objective& y) {
    std::vector<plotted_baseline> plotted;
    for (const auto& b : all) plotted.push_back({b.name, baseline_value(b, x.metric), baseline_value(b, y.metric)});
    return plotted;
}
VERDANT_DEFINED_ONCE(std::vector<plotted_baseline> plotted_baselines<>(const std::vector<baseline>&, const shown_objective&, const shown_objective&));

/// The range of values that an axis shows: costs that `plane_ranges` chose, or all values where it is not linear, and the baselines. Ends that are
/// asked for are not in it.
/// @param of the axis, of trials and of baselines
template <class Trial>
[[nodiscard]] std::pair<double, double> plane_range(const shown_objective& o, std::pair<double, double> costs, const std::vector<Trial>& front,
                                                    const std::vector<Trial>& all, const std::vector<plotted_baseline>& baselines, double Trial::* of,
                                                    double plotted_baseline::* baseline_of, const plot_range& asked) {
    std::vector<double> values;
    const bool some = !front.empty() || !all.empty();
    if (asked.scale == plot::scale::linear && some) {
        const auto [low, high] = o.shown(costs);
        values = {low, high};
    } else
        for (const auto* trials : {&front, &all})
            for (const auto& t : *trials) values.push_back(o.shown(t.*of));
    for (const auto& b : baselines) values.push_back(b.*baseline_of);
    return plot::data_range(values, asked.scale);
}

/// The ranges of values of both axes of a plane.
struct plane_axes {
    std::pair<double, double> x, y;
};

/// What the axes of a plane show where no ends are asked for: the front, the baselines and, of other trials, those that are worse than the front by
/// no more than twice its extent, on both axes; more where that were less than half of the feasible trials. Axes that are not linear show all.
template <class Trial>
[[nodiscard]] plane_axes plane_ranges(const shown_objective& x, const shown_objective& y, const std::vector<Trial>& front,
                                      const std::vector<Trial>& all, const std::vector<plotted_baseline>& baselines, const plot_range& asked_x,
                                      const plot_range& asked_y) {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    const std::array<double Trial::*, 2> axes{&Trial::x, &Trial::y};
    std::array<std::pair<double, double>, 2> costs{plotted_range(front, all, axes[0]), plotted_range(front, all, axes[1])};
    if (asked_x.scale != plot::scale::linear) costs[0] = {-infinity, infinity};
    if (asked_y.scale != plot::scale::linear) costs[1] = {-infinity, infinity};
    widen_to_half(costs, axes, all);
    return {plane_range(x, costs[0], front, all, baselines, axes[0], &plotted_baseline::x, asked_x),
            plane_range(y, costs[1], front, all, baselines, axes[1], &plotted_baseline::y, asked_y)};
}

/// The costs of a front over the two objectives alone: of what is not dominated there, from the left to the right.
template <class Trial>
[[nodiscard]] std::vector<std::pair<double, double>> stairs(const std::vector<Trial>& front) {
    std::vector<std::pair<double, double>> sorted, kept;
    for (const auto& t : front) sorted.emplace_back(t.x, t.y);
    std::sort(sorted.begin(), sorted.end());
    for (const auto& t : sorted)
        if (kept.empty() || t.second < kept.back().second) kept.push_back(t);
    return kept;
}

/// Draws the border of what a front dominates, which reaches to the worse ends of the picture. Trials without a place on a logarithmic axis are left
/// out.
/// @param front what `stairs` made
/// @param line  see `plot::line_paint`
template <class = instantiated_when_used>
void draw_stairs(plot::svg_writer& picture, const plot::plot_area& area, const shown_objective& x, const shown_objective& y,
                 const std::vector<std::pair<double, double>>& front, const plot::paint& line) {
    std::vector<plot::position> corners;
    for (const auto& [cost_x, cost_y] : front) {
        const auto across = x.shown(cost_x), up = y.shown(cost_y);
        if (!area.has_place_for(across, up)) continue;
        const auto at = area.at(across, up);
        corners.push_back({at.x, corners.empty() ? area.up.at(y.worse_end(area.up)) : corners.back().y});
        corners.push_back(at);
    }
    if (corners.empty()) return;
    corners.push_back({area.across.at(x.worse_end(area.across)), corners.back().y});
    picture.polyline(corners, line);
}

/// Draws baselines, and says of those that lie beyond the axes that they do.
template <class = instantiated_when_used>
void draw_baselines(plot::svg_plot& plot, const std::vector<plotted_baseline>& baselines) {
    for (std::size_t i = 0; i < baselines.size(); ++i) {
        const auto& b = baselines[i];
        const auto mark = baseline_key(b.name, i);
        if (plot.holds(b.x, b.y)) plot::draw_marker(plot, mark.marker, plot.at(b.x, b.y), mark.radius, mark.filled, plot.tooltip(b.name));
        else plot.note(b.name + (plot.has_place_for(b.x, b.y) ? " beyond the picture" : " not above 0, on a logarithmic scale"));
    }
}

/// What a plane does not show.
struct plane_left_out {
    std::size_t outside = 0, without_place = 0;
};

/// Draws trials over two objectives, the front over them.
template <class Trial>
plane_left_out draw_plane(plot::svg_writer& picture, const plot::plot_area& area, const shown_objective& x, const shown_objective& y,
                          const std::vector<Trial>& trials, const std::vector<Trial>& front, double size = 1) {
    const trial_marks marks;
    plane_left_out left_out;
    const auto place = [&](const Trial& t) { return std::pair{x.shown(t.x), y.shown(t.y)}; };
    for (const bool feasible : {false, true})
        for (const auto& t : trials) {
            if (t.feasible != feasible) continue;
            const auto [across, up] = place(t);
            if (!area.has_place_for(across, up)) ++left_out.without_place;
            else if (!area.holds(across, up)) ++left_out.outside;
            else {
                const auto& mark = feasible ? marks.feasible : marks.infeasible;
                draw_trial(picture, mark, area.at(across, up), mark.radius * size, t.words);
            }
        }
    for (const auto& t : front)
        if (const auto [across, up] = place(t); area.holds(across, up))
            draw_trial(picture, marks.front, area.at(across, up), marks.front.radius * size, t.words);
    return left_out;
}

} // namespace detail
} // namespace verdant
