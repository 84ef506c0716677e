#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/detail/trial_marks.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A picture of several fronts over each other.
namespace verdant {

/// What a picture of several fronts may be asked for.
struct overlap_options {
    plot_range x{}, y{}; ///< trials beyond the axes are counted, not drawn
    std::vector<baseline> baselines{};
    plot::picture_options picture{};
};

namespace detail {

template <class Trial>
struct plotted_front {
    std::string_view name;
    std::vector<Trial> trials;
};

/// The picture itself.
/// @param objectives how many the search has
template <class Trial>
[[nodiscard]] std::string draw_overlap(std::string_view title, const shown_objective& x, const shown_objective& y,
                                       const std::vector<plotted_front<Trial>>& fronts, std::size_t objectives, const overlap_options& options) {
    std::vector<Trial> all;
    std::vector<plot::key_entry> key;
    for (const auto& f : fronts) {
        all.insert(all.end(), f.trials.begin(), f.trials.end());
        key.push_back(run_key(std::string{f.name} + (f.trials.empty() ? " (no front)" : ""), key.size()));
    }
    const auto baselines = plotted_baselines(options.baselines, x, y);
    for (std::size_t i = 0; i < baselines.size(); ++i) key.push_back(baseline_key(baselines[i].name, i));
    const auto ranges = plane_ranges(x, y, all, all, baselines, options.x, options.y);
    plot::svg_plot plot{
        title,
        x.name,
        ranges.x,
        y.name,
        ranges.y,
        plot::plot_layout{.x = options.x, .y = options.y, .picture = options.picture, .beside = plot::room_beside(key, options.picture, 200)}};
    if (fronts.empty()) plot.note("no runs");
    if (objectives > 2) plot.note("projection: 2 of " + std::to_string(objectives) + " objectives");
    plot.begin_area_clip();
    for (std::size_t i = 0; i < fronts.size(); ++i) draw_stairs(plot, plot, x, y, stairs(fronts[i].trials), key[i].line);
    plot.end_area_clip();
    std::size_t outside = 0, without_place = 0;
    for (std::size_t i = 0; i < fronts.size(); ++i)
        for (const auto& t : fronts[i].trials) {
            const auto across = x.shown(t.x), up = y.shown(t.y);
            if (!plot.has_place_for(across, up)) ++without_place;
            else if (!plot.holds(across, up)) ++outside;
            else plot::draw_marker(plot, key[i].marker, plot.at(across, up), 3, key[i].filled, t.words);
        }
    draw_baselines(plot, baselines);
    plot::draw_key_beside(plot, key);
    plot.count_outside(outside);
    plot.count_without_logarithm(without_place);
    return std::move(plot).finished();
}
VERDANT_DEFINED_ONCE(std::string draw_overlap(std::string_view, const shown_objective&, const shown_objective&,
                                              const std::vector<plotted_front<plotted_trial>>&, std::size_t, const overlap_options&));

} // namespace detail

/// A picture (SVG) of the Pareto fronts of several runs over the first two objectives, each with the border of what it dominates in a colour, a mark
/// and dashes of its own, and a key of their names. Runs may differ in seed, optimizer or limits; space and goals are the same.
/// @param runs names, of which about 20 letters are shown, and results
/// Throws `input_error` for options that cannot be honoured, as `front_svg` does.
template <class Space, class Goals>
[[nodiscard]] std::string overlap_svg(const std::vector<std::pair<std::string, search_result<Space, Goals>>>& runs, std::string_view title,
                                      const overlap_options& options = {}) {
    constexpr bool has_two_objectives = Goals::objective_count >= 2;
    static_assert(has_two_objectives, "verdant: a picture of fronts needs two objectives; add a minimize<...> or maximize<...> to the searches");
    if constexpr (has_two_objectives) {
        detail::check_baselines(options.baselines, detail::names_of_metrics<Goals>());
        const auto objectives = detail::shown_objectives<Goals>();
        const auto& x = objectives[0];
        const auto& y = objectives[1];
        std::vector<detail::plotted_front<detail::plotted_trial>> fronts;
        for (const auto& [name, result] : runs) {
            fronts.push_back({name, detail::plotted_trials(result.front(), x, y, 0, 1, options.picture.tooltips == plot::tooltips::shown)});
            for (auto& t : fronts.back().trials)
                if (!t.words.empty()) t.words = name + ", " + t.words;
        }
        return detail::draw_overlap(title, x, y, fronts, objectives.size(), options);
    } else return std::string{title};
}

namespace detail {

/// What is said of arguments that do not fit.
template <class... Wrong>
struct overlap_svg_slip : refusal {
    static_assert(
        fits<Wrong...>,
        "verdant: overlap_svg takes no such arguments: the runs are no vector of names and results, or an option is misspelt, out of order or of "
        "another type; write overlap_svg(runs, \"title\", {.x = {0, 2}}), where std::vector<std::pair<std::string, study::result_type>> runs; the "
        "compiler names the wrong one where the options have a name: const overlap_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class Wrong = void>
[[nodiscard]] std::string overlap_svg(const detail::any_argument&, const detail::any_argument&, const detail::misspelt_plot_options&) {
    static_cast<void>(detail::overlap_svg_slip<Wrong>::value);
    return {};
}
/// The same.
template <class Wrong = void>
[[nodiscard]] std::string overlap_svg(const detail::any_argument&, const detail::any_argument& = {}, ...) {
    static_cast<void>(detail::overlap_svg_slip<Wrong>::value);
    return {};
}

} // namespace verdant
