#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/pareto/growing_hypervolume.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/detail/history_picture.hpp>
#include <verdant/report/history_options.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/result.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Pictures of the hypervolume over the trials of a search.
namespace verdant {

namespace detail {

/// The reference point of some limits. Throws `input_error`, which names the objectives that lack a threshold.
template <class Goals>
[[nodiscard]] std::vector<double> plotted_reference(const typename Goals::limits_type& limits) {
    const auto reference = Goals::reference(limits);
    const auto objectives = shown_objectives<Goals>();
    std::string lacking;
    for (std::size_t o = 0; o < objectives.size(); ++o)
        if (std::isnan(reference[o])) lacking += (lacking.empty() ? "" : ", ") + std::string{objectives[o].metric};
    if (!lacking.empty())
        throw input_error{"hypervolume", "", "a threshold of each objective, up to which the volume is measured", "none of " + lacking};
    return {reference.begin(), reference.end()};
}

/// The hypervolume after each trial.
template <class Space, class Goals>
[[nodiscard]] std::vector<double> volumes_of(const search_result<Space, Goals>& result, const std::vector<double>& reference) {
    pareto::growing_hypervolume volume{reference};
    std::vector<double> after;
    for (const auto& t : result.trials()) {
        if (t.feasible()) volume.add(t.objectives);
        after.push_back(volume.volume());
    }
    return after;
}

/// What a history of hypervolumes shows, but for the runs.
template <class Goals>
[[nodiscard]] history_content volume_history(const std::vector<double>& reference, const history_options& options) {
    check_baselines(options.baselines, names_of_metrics<Goals>());
    const auto objectives = shown_objectives<Goals>();
    bool units = false;
    for (const auto& o : objectives) units = units || o.name.size() > o.metric.size();
    history_content shown{.name = units ? "hypervolume [SI units]" : "hypervolume", .sign = -1};
    for (const auto& b : options.baselines) {
        std::vector<double> vector;
        for (const auto& o : objectives) vector.push_back(o.sign * baseline_value(b, o.metric) * o.factor);
        shown.baselines.emplace_back(b.name + " alone", pareto::growing_hypervolume{reference}.add(vector));
    }
    return shown;
}

} // namespace detail

/// A picture (SVG) of the hypervolume that the feasible trials of a search dominate up to the thresholds, after each trial; also of a search with one
/// objective, where it is how far the best lies below its threshold (above, where it is maximised). Numbers are in SI units, as
/// `search_result::hypervolume` gives them. A baseline is the level line of what it dominates alone.
/// Throws `input_error` where an objective has no threshold, and for options that cannot be honoured, as `history_svg` does.
template <class Space, class Goals>
[[nodiscard]] std::string hypervolume_svg(const search_result<Space, Goals>& result, std::string_view title, const history_options& options = {}) {
    detail::refuse_band(options);
    const auto reference = detail::plotted_reference<Goals>(result.limits());
    auto shown = detail::volume_history<Goals>(reference, options);
    detail::add_run(shown.groups, "hypervolume", detail::volumes_of(result, reference));
    return detail::draw_history(title, shown, options);
}

/// The same of several runs: runs of the same name are one line, their mean, in a band; see `history_svg`.
/// Throws `input_error` also where the thresholds of runs differ, whose volumes do not compare.
template <class Space, class Goals>
[[nodiscard]] std::string hypervolume_svg(const std::vector<std::pair<std::string, search_result<Space, Goals>>>& runs, std::string_view title,
                                          const history_options& options = {}) {
    const auto reference = detail::plotted_reference<Goals>(runs.empty() ? Goals::limits() : runs.front().second.limits());
    auto shown = detail::volume_history<Goals>(reference, options);
    for (const auto& [name, result] : runs) {
        if (detail::plotted_reference<Goals>(result.limits()) != reference)
            throw input_error{"hypervolume", "run " + name, "the thresholds of the first run", "others"};
        detail::add_run(shown.groups, name, detail::volumes_of(result, reference));
    }
    return detail::draw_history(title, shown, options);
}

namespace detail {

/// What is said of them.
template <class Wrong>
struct hypervolume_svg_slip : refusal {
    static_assert(
        fits<Wrong>,
        "verdant: hypervolume_svg takes no such arguments: an option is misspelt, out of order or of another type, or one is missing in front of "
        "them; write hypervolume_svg(result, \"title\", {.x = {0, 200}}); the compiler names the wrong one where the options have a name: const "
        "history_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class Wrong = void>
[[nodiscard]] std::string hypervolume_svg(const detail::any_argument&, const detail::any_argument&, const detail::misspelt_plot_options&) {
    static_cast<void>(detail::hypervolume_svg_slip<Wrong>::value);
    return {};
}
/// The same.
template <class Wrong = void>
[[nodiscard]] std::string hypervolume_svg(const detail::any_argument&, const detail::any_argument& = {}, ...) {
    static_cast<void>(detail::hypervolume_svg_slip<Wrong>::value);
    return {};
}

} // namespace verdant
