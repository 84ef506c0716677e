#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/report/detail/trial_marks.hpp>
#include <verdant/report/history_options.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What pictures over the trials of searches draw, whatever their types.
namespace verdant::detail {

/// Runs of one name: what each had reached after each trial, NaN where it had nothing.
struct history_group {
    std::string name;
    std::vector<std::vector<double>> runs;
};

/// A line of a history with its band, after each trial from the first.
struct history_line {
    std::vector<double> middle, low, high;
};

/// What became of a trial.
enum class history_mark : std::uint8_t { feasible, infeasible, failed };

/// One trial of a history.
struct history_dot {
    double trial, value;
    history_mark mark;
    std::string words{};
};

/// What a history shows, in the units shown.
struct history_content {
    std::string name;                                        ///< of the upright axis
    double sign = 1;                                         ///< -1 where more is better
    std::vector<history_group> groups{};
    std::vector<history_dot> dots{};                         ///< of the only run, if it is one
    std::vector<std::pair<std::string, double>> baselines{}; ///< level lines
};

/// Adds a run to the group of its name.
template <class = instantiated_when_used>
void add_run(std::vector<history_group>& groups, const std::string& name, std::vector<double> reached) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.name == name; });
    if (group == groups.end()) group = groups.insert(groups.end(), history_group{name, {}});
    group->runs.push_back(std::move(reached));
}
VERDANT_DEFINED_ONCE(void add_run<>(std::vector<history_group>&, const std::string&, std::vector<double>));

/// Mean and band of the values of some runs after the same number of trials; the values are sorted here.
template <class = instantiated_when_used>
void add_spread(history_line& line, std::vector<double>& values, history_band band) {
    const auto n = static_cast<double>(values.size());
    std::sort(values.begin(), values.end());
    double mean = 0;
    for (const auto v : values) mean += v / n;
    double low = mean, high = mean;
    if (band == history_band::extremes) low = values.front(), high = values.back();
    if (band == history_band::quartiles) {
        // Between the two nearest values, as usual (Hyndman and Fan, The American Statistician 50(4), 1996, definition 7).
        const auto quantile = [&](double share) {
            const auto at = share * (n - 1);
            const auto below = static_cast<std::size_t>(at), above = std::min(below + 1, values.size() - 1);
            const auto part = at - std::floor(at);
            return values[below] * (1 - part) + values[above] * part;
        };
        low = quantile(0.25), high = quantile(0.75);
        mean = quantile(0.5);
    }
    if (band == history_band::deviation && values.size() > 1) {
        const auto scale = std::max(std::abs(values.front() / 2 - mean / 2), std::abs(values.back() / 2 - mean / 2)); // squares must stay finite
        double squares = 0;
        for (const auto v : values) squares += scale > 0 ? ((v / 2 - mean / 2) / scale) * ((v / 2 - mean / 2) / scale) : 0;
        const auto deviation = std::min(2 * scale, std::numeric_limits<double>::max()) * std::sqrt(squares / (n - 1));
        constexpr auto greatest = std::numeric_limits<double>::max();
        low = std::clamp(mean - deviation, -greatest, greatest);
        high = std::clamp(mean + deviation, -greatest, greatest);
    }
    line.middle.push_back(mean);
    line.low.push_back(low);
    line.high.push_back(high);
}

/// The line of a group: NaN until each run has something. A run that has ended keeps what it had reached.
template <class = instantiated_when_used>
[[nodiscard]] history_line line_of(const history_group& group, history_band band) {
    std::size_t longest = 0;
    for (const auto& r : group.runs) longest = std::max(longest, r.size());
    history_line line;
    std::vector<double> values;
    for (std::size_t k = 0; k < longest; ++k) {
        values.clear();
        bool all = true;
        for (const auto& r : group.runs) {
            const auto v = r.empty() ? std::numeric_limits<double>::quiet_NaN() : r[std::min(k, r.size() - 1)];
            all = all && std::isfinite(v);
            values.push_back(v);
        }
        if (all) {
            add_spread(line, values, band);
            continue;
        }
        for (auto* part : {&line.middle, &line.low, &line.high}) part->push_back(std::numeric_limits<double>::quiet_NaN());
    }
    return line;
}

/// The corners of a line of steps: level until the trial that changes it. Values without a place on the axis are left out.
/// @param least what is lower is drawn there
template <class = instantiated_when_used>
[[nodiscard]] std::vector<plot::position> step_corners(const plot::svg_plot& plot, const std::vector<double>& values, double least) {
    std::vector<plot::position> corners;
    for (std::size_t k = 0; k < values.size(); ++k) {
        const auto x = static_cast<double>(k + 1);
        const auto v = std::max(values[k], least);
        if (std::isnan(values[k]) || !plot.has_place_for(x, v)) continue;
        const auto at = plot.at(x, v);
        const bool same = !corners.empty() && corners.back().y == at.y;
        if (same && k + 1 < values.size() && values[k + 1] == values[k]) continue;
        if (!corners.empty() && !same) corners.push_back({at.x, corners.back().y});
        corners.push_back(at);
    }
    return corners;
}

/// The range of the upright axis: lines, bands and baselines, and of the trials what is not worse than these by more than twice their extent, or
/// more where that were less than half of the feasible ones.
template <class = instantiated_when_used>
[[nodiscard]] std::pair<double, double> history_range(const history_content& shown, const std::vector<history_line>& lines, plot::scale scale) {
    struct cost {
        double value;
        bool feasible;
    };
    std::vector<cost> drawn, trials;
    const auto see = [&](double value, std::vector<cost>& where, bool feasible = true) {
        if (std::isfinite(value) && (scale != plot::scale::logarithmic || value > 0)) where.push_back({shown.sign * value, feasible});
    };
    for (const auto& l : lines)
        for (const auto* part : {&l.middle, &l.low, &l.high})
            for (const auto v : *part) see(v, drawn);
    for (const auto& [name, value] : shown.baselines) see(value, drawn);
    for (const auto& d : shown.dots)
        if (d.mark != history_mark::failed) see(d.value, trials, d.mark == history_mark::feasible);
    auto all = drawn;
    all.insert(all.end(), trials.begin(), trials.end());
    std::vector<double> values;
    if (scale == plot::scale::linear && !all.empty()) {
        std::array<std::pair<double, double>, 1> costs{plotted_range(drawn, all, &cost::value)};
        widen_to_half(costs, std::array<double cost::*, 1>{&cost::value}, trials);
        values = {shown.sign * costs[0].first, shown.sign * costs[0].second};
    } else
        for (const auto& c : all) values.push_back(shown.sign * c.value);
    return plot::data_range(values, scale);
}

/// The trials of the only run, and its failures along the lower edge.
template <class = instantiated_when_used>
void draw_dots(plot::svg_plot& plot, const std::vector<history_dot>& dots) {
    const trial_marks marks;
    const auto draw = [&plot](const trial_mark& mark, plot::position at, const history_dot& d) {
        draw_trial(plot, mark, at, mark.radius + 0.5, plot.tooltip(d.words));
    };
    std::size_t outside = 0, without_place = 0;
    for (const auto& d : dots) {
        if (d.mark == history_mark::failed) {
            if (plot.across.holds(d.trial)) draw(marks.failed, {plot.across.at(d.trial), plot.bottom - plot.scaled(5)}, d);
            else ++outside;
        } else if (!plot.has_place_for(d.trial, d.value)) ++without_place;
        else if (!plot.holds(d.trial, d.value)) ++outside;
        else draw(d.mark == history_mark::feasible ? marks.feasible : marks.infeasible, plot.at(d.trial, d.value), d);
    }
    plot.count_outside(outside);
    if (without_place > 0)
        plot.note(std::to_string(without_place) + (without_place == 1 ? " trial" : " trials") +
                  (plot.up.logarithmic() ? " not above 0, on a logarithmic scale, or infinite" : " with an infinite value"));
}

/// What the key says of the runs of a group: how many they are, and how many have nothing to show, without which their line would be.
template <class = instantiated_when_used>
[[nodiscard]] std::string runs_text(const history_group& group) {
    const auto without = std::count_if(group.runs.begin(), group.runs.end(), [](const auto& r) { return r.empty(); });
    const auto nothing = std::count_if(group.runs.begin(), group.runs.end(), [](const auto& r) {
        return !r.empty() && std::none_of(r.begin(), r.end(), [](double v) { return std::isfinite(v); });
    });
    if (group.runs.size() == 1) return without > 0 ? " (no trials)" : nothing > 0 ? " (nothing feasible)" : "";
    return " (" + std::to_string(group.runs.size()) + " runs" + (without > 0 ? ", " + std::to_string(without) + " without trials" : "") +
           (nothing > 0 ? ", " + std::to_string(nothing) + " with nothing feasible" : "") + ')';
}

/// What the key says of lines, marks and baselines.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<plot::key_entry> history_key(const history_content& shown) {
    std::vector<plot::key_entry> key;
    for (std::size_t i = 0; i < shown.groups.size(); ++i) {
        const auto& g = shown.groups[i];
        key.push_back(run_key(g.name + runs_text(g), i, shown.groups.size() > 1 ? 3.5 : 0));
    }
    const trial_marks marks;
    const auto has = [&](history_mark m) { return std::any_of(shown.dots.begin(), shown.dots.end(), [m](const auto& d) { return d.mark == m; }); };
    if (has(history_mark::feasible)) key.push_back(marks.feasible.key);
    if (has(history_mark::infeasible)) key.push_back(marks.infeasible.key);
    if (has(history_mark::failed)) key.push_back(marks.failed.key);
    for (std::size_t i = 0; i < shown.baselines.size(); ++i) {
        auto mark = baseline_key(shown.baselines[i].first, i);
        mark.line = plot::line_paint("#8a5f00", "6 3");
        key.push_back(std::move(mark));
    }
    return key;
}

/// The picture itself.
template <class = instantiated_when_used>
[[nodiscard]] std::string draw_history(std::string_view title, const history_content& shown, const history_options& options) {
    std::vector<history_line> lines;
    const auto band = options.band == history_band::automatic ? history_band::deviation : options.band;
    std::size_t longest = 0;
    bool bands = false;
    for (const auto& g : shown.groups) {
        lines.push_back(line_of(g, band));
        longest = std::max(longest, lines.back().middle.size());
        bands = bands || g.runs.size() > 1;
    }
    for (const auto& d : shown.dots) longest = std::max(longest, static_cast<std::size_t>(d.trial));
    const auto key = history_key(shown);
    const std::pair across{options.x.scale == plot::scale::linear ? 0.0 : 1.0, static_cast<double>(std::max<std::size_t>(longest, 1))};
    plot::svg_plot plot{
        title,
        "trials",
        across,
        shown.name,
        history_range(shown, lines, options.y.scale),
        plot::plot_layout{.x = options.x, .y = options.y, .picture = options.picture, .key_rows = plot::key_rows(key, options.picture)}};
    if (shown.groups.empty()) plot.note("no runs");
    if (bands) plot.note(band_words(band));
    plot.begin_area_clip();
    const auto least = plot.up.logarithmic() ? plot.up.low() : -std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (shown.groups[i].runs.size() < 2 || band == history_band::none) continue;
        auto outline = step_corners(plot, lines[i].high, least), back = step_corners(plot, lines[i].low, least);
        outline.insert(outline.end(), back.rbegin(), back.rend());
        if (!outline.empty()) plot.polygon(outline, {.fill = key[i].line.stroke, .opacity = 0.18});
    }
    plot.end_area_clip();
    draw_dots(plot, shown.dots);
    plot.begin_area_clip();
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (const auto corners = step_corners(plot, lines[i].middle, -std::numeric_limits<double>::max()); corners.size() > 1) {
            auto paint = key[i].line;
            paint.width = 2;
            plot.polyline(corners, paint);
        }
    plot.end_area_clip();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines.size() < 2 && lines[i].middle.size() > 1) continue;
        const auto n = lines[i].middle.size();
        for (std::size_t m = 0; m < std::min<std::size_t>(n, 8); ++m) { // marks along the lines, which do not lie over each other
            const auto k = std::min(n - 1, (m * n + i * n / std::max<std::size_t>(lines.size(), 1)) / std::min<std::size_t>(n, 8));
            const auto x = static_cast<double>(k + 1), v = lines[i].middle[k];
            if (std::isnan(v) || !plot.has_place_for(x, v) || !plot.holds(x, v)) continue;
            plot::draw_marker(plot, key[i].marker, plot.at(x, v), 3.5, key[i].filled,
                              plot.tooltip(shown.groups[i].name + ": " + rounded_text(v) + " after " + std::to_string(k + 1)));
        }
    }
    for (std::size_t i = 0; i < shown.baselines.size(); ++i) {
        const auto& [name, value] = shown.baselines[i];
        if (!plot.up.holds(value)) {
            plot.note(name + (plot.up.has_place_for(value) ? " beyond the picture" : " not above 0, on a logarithmic scale"));
            continue;
        }
        const auto mark = baseline_key(name, i);
        plot.polyline({{plot.left, plot.up.at(value)}, {plot.right(), plot.up.at(value)}}, plot::line_paint("#8a5f00", "6 3"));
        plot::draw_marker(plot, mark.marker, {plot.right(), plot.up.at(value)}, mark.radius, mark.filled,
                          plot.tooltip(name + ": " + rounded_text(value)));
    }
    plot::draw_key_below(plot, key);
    return std::move(plot).finished();
}
VERDANT_DEFINED_ONCE(std::string draw_history<>(std::string_view, const history_content&, const history_options&));

} // namespace verdant::detail
