#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/meta/fixed_string.hpp>
#include <verdant/meta/nearest_name.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/detail/history_picture.hpp>
#include <verdant/report/detail/trial_words.hpp>
#include <verdant/report/history_options.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/result.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Pictures of an objective over the trials of a search.
namespace verdant {

namespace detail {

/// Stands for the objective of a search that has only one.
struct only_objective {};

/// The place of an objective among the objectives of some goals; their number where it is none.
template <class Metric, class Goals>
[[nodiscard]] constexpr std::size_t objective_place() {
    std::size_t place = 0, found = Goals::objective_count;
    Goals::for_each([&]<class G>() {
        if constexpr (objective<G>) {
            if (std::is_same_v<typename G::metric_type, Metric> && found == Goals::objective_count) found = place;
            ++place;
        }
    });
    return std::is_same_v<Metric, only_objective> && Goals::objective_count == 1 ? 0 : found;
}

/// The best feasible value so far after each trial, NaN before the first; in the unit shown.
template <class Space, class Goals>
[[nodiscard]] std::vector<double> best_so_far(const search_result<Space, Goals>& result, const shown_objective& o, std::size_t place) {
    std::vector<double> best;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& t : result.trials()) {
        if (t.feasible() && t.objectives[place] < least) least = t.objectives[place];
        best.push_back(std::isfinite(least) ? o.shown(o.cost(least)) : std::numeric_limits<double>::quiet_NaN());
    }
    return best;
}

/// What the history of one objective shows, but for the runs.
template <class Metric, class Goals>
[[nodiscard]] history_content objective_history(const shown_objective& o, const history_options& options) {
    check_baselines(options.baselines, names_of_metrics<Goals>());
    history_content shown{.name = o.name, .sign = o.sign};
    for (const auto& b : options.baselines) shown.baselines.emplace_back(b.name, baseline_value(b, o.metric));
    return shown;
}

template <class Metric, class Goals>
constexpr void require_objective() {
    constexpr bool named = !std::is_same_v<Metric, only_objective>;
    static_assert(named || Goals::objective_count == 1, "verdant: history_svg shows one objective, and this search has several; write "
                                                        "history_svg<latency>(...) with one of them, or hypervolume_svg(...)");
    static_assert(!named || objective_place<Metric, Goals>() < Goals::objective_count,
                  "verdant: history_svg shows an objective, and this metric is none of the search; write one that the goals maximise or minimise");
}

} // namespace detail

/// A picture (SVG) of one objective over the trials of a search, in their order: every trial, and a line of the best feasible one so far. Infeasible
/// trials are crosses and do not count, failed ones are marked along the lower edge, baselines are level lines. Trials that are worse than the line
/// by more than twice its extent lie beyond the axis and are counted, unless it would hold less than half of the feasible ones so; `.y` with an end
/// or another scale than the linear one shows them. Marks say their trial under the pointer.
///
///     history_svg<latency>(found, "latency", {.y = {.scale = plot::scale::logarithmic}})
///
/// Throws `input_error` for options that cannot be honoured, as `front_svg` does, and for a band, which only several runs have.
/// @tparam Metric an objective of the search; may be left out where there is only one
template <class Metric = detail::only_objective, class Space, class Goals>
[[nodiscard]] std::string history_svg(const search_result<Space, Goals>& result, std::string_view title, const history_options& options = {}) {
    detail::require_objective<Metric, Goals>();
    if constexpr (constexpr auto place = detail::objective_place<Metric, Goals>(); place < Goals::objective_count) {
        const auto o = detail::shown_objectives<Goals>()[place];
        detail::refuse_band(options);
        auto shown = detail::objective_history<Metric, Goals>(o, options);
        detail::add_run(shown.groups, "best so far", detail::best_so_far(result, o, place));
        for (const auto& t : result.trials())
            shown.dots.push_back({static_cast<double>(shown.dots.size() + 1), t.completed() ? o.shown(o.cost(t.objectives[place])) : 0,
                                  !t.completed() ? detail::history_mark::failed
                                  : t.feasible() ? detail::history_mark::feasible
                                                 : detail::history_mark::infeasible,
                                  options.picture.tooltips == plot::tooltips::shown ? detail::trial_words(t) : std::string{}});
        return detail::draw_history(title, shown, options);
    } else return {};
}

/// The same of several runs, without their trials: runs of the same name, such as those of several seeds, are one line, their mean, in a band. A run
/// that ends early keeps what it has found; a line begins where each of its runs has found something.
///
///     history_svg<latency>(runs, "two optimizers", {.band = history_band::quartiles})
///
/// @param runs names, and results of the same space and goals
template <class Metric = detail::only_objective, class Space, class Goals>
[[nodiscard]] std::string history_svg(const std::vector<std::pair<std::string, search_result<Space, Goals>>>& runs, std::string_view title,
                                      const history_options& options = {}) {
    detail::require_objective<Metric, Goals>();
    if constexpr (constexpr auto place = detail::objective_place<Metric, Goals>(); place < Goals::objective_count) {
        const auto o = detail::shown_objectives<Goals>()[place];
        auto shown = detail::objective_history<Metric, Goals>(o, options);
        shown.name += " of the best so far";
        for (const auto& [name, result] : runs) detail::add_run(shown.groups, name, detail::best_so_far(result, o, place));
        return detail::draw_history(title, shown, options);
    } else return {};
}

namespace detail {

/// What is said of them.
template <class Wrong>
struct history_svg_slip : refusal {
    static_assert(
        fits<Wrong>,
        "verdant: history_svg takes no such arguments: an option is misspelt, out of order or of another type, or one is missing in front of "
        "them; write history_svg<latency>(result, \"title\", {.x = {0, 200}}); the compiler names the wrong one where the options have a name: const "
        "history_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class Wrong = void>
[[nodiscard]] std::string history_svg(const detail::any_argument&, const detail::any_argument&, const detail::misspelt_plot_options&) {
    static_cast<void>(detail::history_svg_slip<Wrong>::value);
    return {};
}
/// The same.
template <class Wrong = void>
[[nodiscard]] std::string history_svg(const detail::any_argument&, const detail::any_argument& = {}, ...) {
    static_cast<void>(detail::history_svg_slip<Wrong>::value);
    return {};
}

/// Refused, with a sentence that says what to write.
template <fixed_string Metric>
[[nodiscard]] std::string history_svg(const detail::any_argument&, const detail::any_argument& = {}, const detail::misspelt_plot_options& = {}) {
    static_assert(detail::fits<detail::named<Metric>>,
                  "verdant: history_svg is told its objective by the type of the metric, without quotation marks; write history_svg<latency>(result, "
                  "\"title\")");
    return {};
}

} // namespace verdant
