#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/fixed_string.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/nearest_name.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/report/bands.hpp>
#include <verdant/report/detail/trial_marks.hpp>
#include <verdant/report/detail/trial_words.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/report/report.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/result.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A picture of trials with a band of an uncertain metric.
namespace verdant {

/// What a picture with bands may be asked for.
struct band_options {
    plot_range x{}, y{}; ///< trials beyond the axes are counted, not drawn
    plot::picture_options picture{};
};

namespace detail {

/// What is drawn of a trial, in the units shown.
struct banded_trial {
    double x, low, middle, high;
    bool front;
    std::string words{};
};

/// The picture itself.
template <class Trial>
[[nodiscard]] std::string draw_bands(std::string_view title, std::string_view x_name, std::string_view y_name, const std::string& share,
                                     const std::vector<Trial>& trials, const unplaced_trials& unplaced, const band_options& options) {
    std::vector<double> xs, ys;
    for (const auto& t : trials) {
        xs.push_back(t.x);
        ys.push_back(t.middle);
        if (t.front) ys.insert(ys.end(), {t.low, t.high});
    }
    const trial_marks marks;
    const std::string colour = marks.front.key.filled.fill;
    auto on_front = marks.front.key;
    on_front.words += ", " + share;
    on_front.line = plot::line_paint(colour);
    const std::vector<plot::key_entry> key{on_front, marks.feasible.key};
    plot::svg_plot plot{
        title,
        x_name,
        plot::data_range(xs, options.x.scale),
        y_name,
        plot::data_range(ys, options.y.scale),
        plot::plot_layout{.x = options.x, .y = options.y, .picture = options.picture, .key_rows = plot::key_rows(key, options.picture)}};
    std::size_t outside = 0, without_place = 0;
    const auto shown = [&](const Trial& t) {
        if (!plot.has_place_for(t.x, t.middle) || (t.front && !plot.has_place_for(t.x, t.low))) ++without_place;
        else if (!plot.holds(t.x, t.middle)) ++outside;
        else return true;
        return false;
    };
    for (const auto& t : trials)
        if (!t.front && shown(t)) draw_trial(plot, marks.feasible, plot.at(t.x, t.middle), marks.feasible.radius, t.words);
    plot.begin_area_clip();
    const double cap = plot.scaled(4);
    for (const auto& t : trials) {
        if (!t.front || !plot.has_place_for(t.x, t.low) || !plot.across.holds(t.x)) continue;
        const auto below = plot.at(t.x, t.low), above = plot.at(t.x, t.high);
        plot.line(below, above, plot::line_paint(colour));
        for (const auto& end : {below, above}) plot.line({end.x - cap, end.y}, {end.x + cap, end.y}, plot::line_paint(colour));
    }
    plot.end_area_clip();
    for (const auto& t : trials)
        if (t.front && shown(t)) draw_trial(plot, marks.front, plot.at(t.x, t.middle), marks.front.radius, t.words);
    plot::draw_key_below(plot, key);
    plot.count_outside(outside);
    plot.count_without_logarithm(without_place);
    count_unplaced(plot, unplaced);
    return std::move(plot).finished();
}
VERDANT_DEFINED_ONCE(std::string draw_bands(std::string_view, std::string_view, std::string_view, const std::string&,
                                            const std::vector<banded_trial>&, const unplaced_trials&, const band_options&));

/// `5 % to 95 % of draws`
template <class = instantiated_when_used>
[[nodiscard]] std::string band_words(double low, double high) {
    return rounded_text(100 * low) + " % to " + rounded_text(100 * high) + " % of draws";
}
VERDANT_DEFINED_ONCE(std::string band_words<>(double, double));

/// The picture of a band that the goals record.
template <class X, class Band, class Space, class Goals>
[[nodiscard]] std::string banded_svg(const search_result<Space, Goals>& result, std::string_view title, const band_options& options) {
    std::vector<std::uint64_t> front;
    for (const auto& t : result.front()) front.push_back(t.number);
    std::sort(front.begin(), front.end());
    std::vector<banded_trial> plotted;
    unplaced_trials unplaced;
    for (const auto& t : result.trials()) {
        if (!t.completed()) {
            ++unplaced.failed;
            continue;
        }
        banded_trial one{reported<X>(t.values), reported<typename Band::low>(t.values), reported<typename Band::middle>(t.values),
                         reported<typename Band::high>(t.values), std::binary_search(front.begin(), front.end(), t.number)};
        if (!std::isfinite(one.x) || !std::isfinite(one.low) || !std::isfinite(one.middle) || !std::isfinite(one.high)) {
            ++unplaced.infinite;
            continue;
        }
        if (!t.feasible()) continue;
        if (options.picture.tooltips == plot::tooltips::shown) one.words = trial_words(t);
        plotted.push_back(std::move(one));
    }
    return draw_bands(title, column_name<X>(), column_name<typename Band::metric_type>(), band_words<>(Band::low::level, Band::high::level), plotted,
                      unplaced, options);
}

} // namespace detail

/// A picture (SVG) of the feasible trials over a metric and an uncertain one: those of the front with their band, as a line between its two
/// quantiles, others as marks in the middle of theirs. The axes show the values as they are. Failed trials, those with an infinite value and those
/// beyond the axes are counted. Bands say how far a design is uncertain, not whether it is better than its neighbour: under common draws neighbours
/// move together, see `front_in_draws`.
///
///     io::write_file("carbon.svg", band_svg<latency, band<total_carbon>>(found, "carbon"));
///
/// Throws `input_error` for options that cannot be honoured, as `front_svg` does.
/// @tparam X a metric that the goals record
template <metric_like X, class Band, class Space, class Goals>
[[nodiscard]] std::string band_svg(const search_result<Space, Goals>& result, std::string_view title, const band_options& options = {}) {
    using check = detail::band_check<Band, Goals>;
    static_assert(check::value);
    if constexpr (!check::known) return std::string{title};
    else return detail::banded_svg<X, Band>(result, title, options);
}

namespace detail {

/// What is said of arguments that do not fit.
template <class... Wrong>
struct band_svg_slip : refusal {
    static_assert(
        fits<Wrong...>,
        "verdant: band_svg takes no such arguments: an option is misspelt, out of order or of another type, or what stands between < and > is not "
        "a metric and a band; write band_svg<latency, band<total_carbon>>(result, \"title\", {.x = {0, 2}}); the compiler names the wrong one "
        "where the options have a name: const band_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class... Wrong>
[[nodiscard]] std::string band_svg(const detail::any_argument&, const detail::any_argument&, const detail::misspelt_plot_options&) {
    static_cast<void>(detail::band_svg_slip<Wrong...>::value);
    return {};
}
/// The same.
template <class... Wrong>
[[nodiscard]] std::string band_svg(const detail::any_argument&, const detail::any_argument& = {}, ...) {
    static_cast<void>(detail::band_svg_slip<Wrong...>::value);
    return {};
}
/// The same of metrics in quotation marks.
template <fixed_string First, fixed_string... Others>
[[nodiscard]] std::string band_svg(const detail::any_argument&, const detail::any_argument& = {}, const detail::misspelt_plot_options& = {}) {
    static_cast<void>(detail::band_svg_slip<detail::named<First>, detail::named<Others>...>::value);
    return {};
}

} // namespace verdant
