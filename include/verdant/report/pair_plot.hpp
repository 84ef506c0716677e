#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/report/baseline.hpp>
#include <verdant/report/detail/trial_marks.hpp>
#include <verdant/report/objective_plane.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/search/result.hpp>
#include <verdant/text/closest_name.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Pictures of fronts of three and more objectives.
namespace verdant {

/// What is asked of the axes of one objective.
struct objective_range {
    std::string metric; ///< its name
    plot_range range{};
};

/// What pair plots may be asked for.
struct pair_options {
    std::vector<objective_range> axes{}; ///< objectives that are not named are as wide as their data
    std::vector<baseline> baselines{};
    plot::picture_options picture{};
};

namespace detail {

/// One plane of a pair plot: the places of its objectives, trials and front.
struct plotted_pair {
    std::size_t x, y;
    std::vector<plotted_trial> trials, front;
    unplaced_trials unplaced{};
};

/// What is asked of the axes of each objective. Throws `input_error` for a name that is not an objective's, or comes twice.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<plot_range> pair_ranges(const std::vector<shown_objective>& objectives, const std::vector<objective_range>& asked) {
    std::vector<plot_range> ranges(objectives.size());
    std::vector<std::string_view> names;
    for (const auto& o : objectives) names.push_back(o.metric);
    std::vector<std::string_view> seen;
    for (const auto& a : asked) {
        const auto at = std::find(names.begin(), names.end(), a.metric);
        if (at == names.end())
            throw input_error{"pair plot", "axes", "objectives: " + io::name_list(names), a.metric + io::did_you_mean(a.metric, names)};
        if (std::find(seen.begin(), seen.end(), a.metric) != seen.end())
            throw input_error{"pair plot", "axes", "each objective once", a.metric + " twice"};
        seen.emplace_back(a.metric);
        ranges[static_cast<std::size_t>(at - names.begin())] = a.range;
    }
    for (std::size_t o = 0; o < objectives.size(); ++o)
        if (ranges[o].label.empty()) ranges[o].label = objectives[o].name;
    return ranges;
}

/// The ends of the data of each objective, the same in all its planes.
template <class Pair>
[[nodiscard]] std::vector<std::pair<double, double>> pair_data(const std::vector<shown_objective>& objectives, const std::vector<Pair>& pairs,
                                                               const std::vector<plot_range>& ranges, const pair_options& options) {
    std::vector<std::pair<double, double>> data(objectives.size());
    std::vector<char> known(objectives.size());
    // Planes differ in the trials that they have a place for: one with an infinite value is in none of that objective's.
    const auto widen = [&](std::size_t o, std::pair<double, double> range) {
        data[o] = known[o] != 0 ? std::pair{std::min(data[o].first, range.first), std::max(data[o].second, range.second)} : range;
        known[o] = 1;
    };
    for (const auto& p : pairs) {
        const auto baselines = plotted_baselines(options.baselines, objectives[p.x], objectives[p.y]);
        if (p.trials.empty() && baselines.empty() && pairs.size() > 1) continue;
        const auto shown = plane_ranges(objectives[p.x], objectives[p.y], p.front, p.trials, baselines, ranges[p.x], ranges[p.y]);
        widen(p.x, shown.x);
        widen(p.y, shown.y);
    }
    for (std::size_t o = 0; o < data.size(); ++o)
        if (known[o] == 0) data[o] = plot::data_range({}, ranges[o].scale);
    return data;
}

/// Where the planes of a pair plot lie.
class pair_grid {
public:
    /// @param planes in the longest row
    pair_grid(const plot::picture_options& picture, std::size_t planes, std::size_t key_rows, double labels)
        : u_{picture.font_size / 13}, left_{std::max(90 * u_, labels + 40 * u_)},
          width_{(picture.width - left_ - 4 * u_) / static_cast<double>(planes)},
          height_{(picture.height - top - (60 + 18 * static_cast<double>(key_rows)) * u_) / static_cast<double>(planes)} {}
    [[nodiscard]] plot::plot_frame frame(std::size_t column, std::size_t row) const {
        const auto x = left_ + static_cast<double>(column) * width_, y = top * u_ + static_cast<double>(row) * height_;
        return {x, y + 18 * u_, x + width_ - 34 * u_, y + height_ - 6 * u_};
    }

private:
    static constexpr double top = 44;
    double u_, left_, width_, height_;
};

/// The picture itself.
template <class Pair>
[[nodiscard]] std::string draw_pairs(std::string_view title, const std::vector<shown_objective>& objectives, const std::vector<Pair>& pairs,
                                     const pair_options& options) {
    const auto planes = objectives.size() - 1;
    const auto ranges = pair_ranges(objectives, options.axes);
    const auto data = pair_data(objectives, pairs, ranges, options);
    const auto picture = plot::sized(options.picture, std::max(800.0, 110 + 260 * static_cast<double>(planes)),
                                     std::max(600.0, 120 + 220 * static_cast<double>(planes)));
    const auto u = picture.font_size / 13, small = 11 * u;
    const auto key = trial_marks{}.key(options.baselines);
    double labels = 0;
    for (std::size_t o = 1; o < objectives.size(); ++o)
        labels = std::max(labels, plot::plot_area::label_width({data[o].first, data[o].second, 0, 1, ranges[o]}, picture.font_size));
    const pair_grid grid{picture, planes, plot::key_rows(key, picture), labels};
    plot::svg_writer svg{picture.width, picture.height, picture.font_size, picture.font};
    svg.title(title);
    svg.background("white");
    const auto size = std::clamp(16 * u * (picture.width - 20 * u) / std::max(plot::text_width(title, 16 * u), 1.0), small, 16 * u);
    svg.text({picture.width / 2, 30 * u}, plot::fitted(title, picture.width - 20 * u, size), {.anchor = plot::anchor::middle, .size = size});
    std::string remarks;
    for (const auto& p : pairs) {
        const auto& x = objectives[p.x];
        const auto& y = objectives[p.y];
        const auto row = p.y - 1;
        const auto frame = grid.frame(p.x, row);
        const plot::plot_area area{frame,
                                   {data[p.x].first, data[p.x].second, frame.left, frame.right, ranges[p.x]},
                                   {data[p.y].first, data[p.y].second, frame.bottom, frame.top, ranges[p.y]}};
        const bool first = p.x == 0, last = row + 1 == planes;
        area.draw_grid(svg, picture.font_size,
                       first && last ? plot::tick_labels::both
                       : first       ? plot::tick_labels::up
                       : last        ? plot::tick_labels::across
                                     : plot::tick_labels::none);
        if (last)
            svg.text({(frame.left + frame.right) / 2, frame.bottom + 42 * u},
                     plot::fitted(ranges[p.x].label, frame.right - frame.left, picture.font_size), {.anchor = plot::anchor::middle});
        if (first)
            svg.text({24 * u, (frame.top + frame.bottom) / 2}, plot::fitted(ranges[p.y].label, frame.bottom - frame.top, picture.font_size),
                     {.anchor = plot::anchor::middle, .turned = -90});
        svg.begin_clip({frame.left, frame.top}, frame.right - frame.left, frame.bottom - frame.top);
        draw_stairs(svg, area, x, y, stairs(p.front), plot::line_paint(trial_marks{}.front.key.filled.fill, {}, 1));
        svg.end_clip();
        const auto left_out = draw_plane(svg, area, x, y, p.trials, p.front, 0.8);
        auto unseen = left_out.outside + left_out.without_place + p.unplaced.failed + p.unplaced.infinite;
        const auto baselines = plotted_baselines(options.baselines, x, y);
        for (std::size_t i = 0; i < baselines.size(); ++i) {
            const auto mark = baseline_key(baselines[i].name, i);
            const std::string_view words = picture.tooltips == plot::tooltips::shown ? std::string_view{mark.words} : std::string_view{};
            if (area.holds(baselines[i].x, baselines[i].y))
                plot::draw_marker(svg, mark.marker, area.at(baselines[i].x, baselines[i].y), 5, mark.filled, words);
            else ++unseen;
        }
        svg.text({frame.right, frame.top - 4 * u}, objectives.size() > 2 ? "projection" : "",
                 {.anchor = plot::anchor::end, .colour = "#666666", .size = small});
        if (unseen > 0) svg.text({frame.left, frame.top - 4 * u}, std::to_string(unseen) + " not in it", {.colour = "#666666", .size = small});
    }
    plot::draw_key_below(svg, picture, key);
    return std::move(svg).finished();
}
VERDANT_DEFINED_ONCE(std::string draw_pairs(std::string_view, const std::vector<shown_objective>&, const std::vector<plotted_pair>&,
                                            const pair_options&));

} // namespace detail

/// A picture (SVG) of a front of several objectives: the plane of each pair of them, in a triangle. Each is a projection of the whole front, and says
/// so: what looks dominated there is not, for the sake of an objective that the plane does not show. The line borders what is not dominated within
/// the plane. Marks are those of `front_svg`, and say their trial under the pointer; each plane counts what it does not show: what lies beyond its
/// axes, by the rule of `front_svg`, failed trials and infinite values.
///
///     pairs_svg(found, "accuracy, latency, energy", {.axes = {{"latency", {.scale = plot::scale::logarithmic}}}})
///
/// Throws `input_error` for options that cannot be honoured, as `front_svg` does, and for axes of what is not an objective.
template <class Space, class Goals>
[[nodiscard]] std::string pairs_svg(const search_result<Space, Goals>& result, std::string_view title, const pair_options& options = {}) {
    static_assert(Goals::objective_count >= 2, "verdant: pairs_svg shows planes of two objectives, and this search has one; write history_svg(...)");
    detail::check_baselines(options.baselines, detail::names_of_metrics<Goals>());
    const auto objectives = detail::shown_objectives<Goals>();
    const bool words = options.picture.tooltips == plot::tooltips::shown;
    std::vector<detail::plotted_pair> pairs;
    for (std::size_t y = 1; y < objectives.size(); ++y)
        for (std::size_t x = 0; x < y; ++x) {
            auto& pair =
                pairs.emplace_back(detail::plotted_pair{x, y, {}, detail::plotted_trials(result.front(), objectives[x], objectives[y], x, y, words)});
            pair.trials = detail::plotted_trials(result.trials(), objectives[x], objectives[y], x, y, words, &pair.unplaced);
        }
    return detail::draw_pairs(title, objectives, pairs, options);
}

namespace detail {

// As in `option_slips.hpp`: the names that are written by mistake, between the right ones and in their order.
struct misspelt_pair_options {
    std::initializer_list<misspelt_objective_range> axes{}, axis{};
    any_argument x{}, y{};
    any_list baselines{}, baseline{};
    misspelt_picture picture{}, pictures{};
    any_argument size{}, width{}, height{};
};

/// What is said of them.
template <class Wrong>
struct pairs_svg_slip : refusal {
    static_assert(fits<Wrong>,
                  "verdant: pairs_svg takes no such arguments: an option is misspelt, out of order or of another type, or one is missing in front of "
                  "them; write pairs_svg(result, \"title\", {.baselines = {known}}); the compiler names the wrong one where the options have a name: "
                  "const pair_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class Wrong = void>
[[nodiscard]] std::string pairs_svg(const detail::any_argument&, const detail::any_argument&, const detail::misspelt_pair_options&) {
    static_cast<void>(detail::pairs_svg_slip<Wrong>::value);
    return {};
}
/// The same.
template <class Wrong = void>
[[nodiscard]] std::string pairs_svg(const detail::any_argument&, const detail::any_argument& = {}, ...) {
    static_cast<void>(detail::pairs_svg_slip<Wrong>::value);
    return {};
}

} // namespace verdant
