#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/detail/trial_marks.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/result.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A picture of a Pareto front.
namespace verdant {

/// What a picture of a front may be asked for.
struct front_options {
    plot_range x{}, y{}; ///< trials beyond the axes are counted, not drawn
    std::vector<baseline> baselines{};
    plot::picture_options picture{};
};

namespace detail {

/// How many trials of a front a baseline is better than in one objective and no worse than in the other.
template <class Trial>
[[nodiscard]] std::size_t dominated_by(const plotted_baseline& b, const shown_objective& x, const shown_objective& y,
                                       const std::vector<Trial>& front) {
    const auto across = x.sign * b.x, up = y.sign * b.y;
    return static_cast<std::size_t>(
        std::count_if(front.begin(), front.end(), [&](const Trial& t) { return across <= t.x && up <= t.y && (across < t.x || up < t.y); }));
}

/// The picture itself.
/// @param objectives how many the search has
template <class Trial>
[[nodiscard]] std::string draw_front(std::string_view title, const shown_objective& x, const shown_objective& y, const std::vector<Trial>& trials,
                                     const std::vector<Trial>& front, const unplaced_trials& unplaced, std::size_t objectives,
                                     const front_options& options) {
    const auto baselines = plotted_baselines(options.baselines, x, y);
    const auto key = trial_marks{}.key(options.baselines);
    const auto ranges = plane_ranges(x, y, front, trials, baselines, options.x, options.y);
    plot::svg_plot plot{
        title,    x.name,
        ranges.x, y.name,
        ranges.y, plot::plot_layout{.x = options.x, .y = options.y, .picture = options.picture, .key_rows = plot::key_rows(key, options.picture)}};
    if (objectives > 2) plot.note("projection: 2 of " + std::to_string(objectives) + " objectives");
    else
        for (const auto& b : baselines)
            if (const auto n = dominated_by(b, x, y, front); n > 0)
                plot.note(b.name + " dominates " + std::to_string(n) + " of " + std::to_string(front.size()) + " on the front");
    plot.begin_area_clip();
    draw_stairs(plot, plot, x, y, stairs(front), plot::line_paint(trial_marks{}.front.key.filled.fill));
    plot.end_area_clip();
    const auto left_out = draw_plane(plot, plot, x, y, trials, front);
    draw_baselines(plot, baselines);
    plot::draw_key_below(plot, key);
    plot.count_outside(left_out.outside);
    plot.count_without_logarithm(left_out.without_place);
    count_unplaced(plot, unplaced);
    return std::move(plot).finished();
}
VERDANT_DEFINED_ONCE(std::string draw_front(std::string_view, const shown_objective&, const shown_objective&, const std::vector<plotted_trial>&,
                                            const std::vector<plotted_trial>&, const unplaced_trials&, std::size_t, const front_options&));

} // namespace detail

/// A picture (SVG) of the trials over the first two objectives: the Pareto front with the border of what it dominates, other feasible trials grey,
/// infeasible ones crosses, baselines stars. Trials that are worse than the whole front by more than twice its extent lie beyond the axes, unless
/// these would hold less than half of the feasible trials so; `.high` (`.low` of what is maximised) or another scale than the linear one shows them.
/// They are counted, as are trials that failed and those with an infinite value. A baseline that dominates trials of the front is named with their
/// number. Marks say their trial under the pointer. Of more than two objectives this is a projection, and says so; see `pairs_svg`.
///
///     front_svg(found, "pruned towers", {.y = {.scale = plot::scale::logarithmic}, .baselines = {baseline_of("unpruned", measured)}})
///
/// Throws `input_error` for options that cannot be honoured: ends of axes (`plot::axis`), sizes (`plot::sized`), and baselines that lack one of the
/// two objectives, have a value that is not finite, or one of a metric that is not one of the goals.
template <class Space, class Goals>
[[nodiscard]] std::string front_svg(const search_result<Space, Goals>& result, std::string_view title, const front_options& options = {}) {
    constexpr bool has_two_objectives = Goals::objective_count >= 2;
    static_assert(has_two_objectives,
                  "verdant: the picture of a front needs two objectives; add a minimize<...> or maximize<...> to the search, or draw "
                  "scatter_svg<X, Y> of two of its metrics");
    if constexpr (has_two_objectives) {
        detail::check_baselines(options.baselines, detail::names_of_metrics<Goals>());
        const auto objectives = detail::shown_objectives<Goals>();
        const auto& x = objectives[0];
        const auto& y = objectives[1];
        const bool words = options.picture.tooltips == plot::tooltips::shown;
        detail::unplaced_trials unplaced;
        const auto trials = detail::plotted_trials(result.trials(), x, y, 0, 1, words, &unplaced);
        return detail::draw_front(title, x, y, trials, detail::plotted_trials(result.front(), x, y, 0, 1, words), unplaced, objectives.size(),
                                  options);
    } else return std::string{title};
}

namespace detail {

/// What is said of them.
template <class Wrong>
struct front_svg_slip : refusal {
    static_assert(fits<Wrong>,
                  "verdant: front_svg takes no such arguments: an option is misspelt, out of order or of another type, or one is missing in front of "
                  "them; write front_svg(result, \"title\", {.x = {0, 2}, .baselines = {known}}); the compiler names the wrong one where the options "
                  "have a name: const front_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class Wrong = void>
[[nodiscard]] std::string front_svg(const detail::any_argument&, const detail::any_argument&, const detail::misspelt_plot_options&) {
    static_cast<void>(detail::front_svg_slip<Wrong>::value);
    return {};
}
/// The same.
template <class Wrong = void>
[[nodiscard]] std::string front_svg(const detail::any_argument&, const detail::any_argument& = {}, ...) {
    static_cast<void>(detail::front_svg_slip<Wrong>::value);
    return {};
}

} // namespace verdant
