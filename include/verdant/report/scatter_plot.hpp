#pragma once

#include <verdant/goal/metric.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/fixed_string.hpp>
#include <verdant/meta/nearest_name.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/colours.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/report/baseline.hpp>
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

/// A scatter plot of the trials of a search.
namespace verdant {

/// What a scatter plot shows: by default everything.
struct scatter_options {
    plot_range x{}, y{}; ///< trials beyond the axes are counted, not drawn
    plot_range colour{}; ///< values beyond it have the colour of its end, and are counted
    std::vector<baseline> baselines{};
    plot::picture_options picture{};
};

namespace detail {

/// One trial of a scatter plot, in the units shown.
struct scattered_trial {
    double x, y, colour;
    bool feasible, front;
    std::string words{};
};

/// The names of what a scatter plot shows.
struct scatter_names {
    std::string_view x, y, colour;
};

template <class Trial>
[[nodiscard]] std::pair<double, double> scattered_range(const std::vector<Trial>& trials, double Trial::* of, const plot_range& asked,
                                                        const std::vector<double>& more = {}) {
    std::vector<double> values = more;
    for (const auto& t : trials) values.push_back(t.*of);
    return plot::data_range(values, asked.scale);
}

/// The scale of colours of a scatter plot, and its bar.
class colour_bar {
public:
    /// @param range of the trials that are drawn
    colour_bar(std::string_view name, std::pair<double, double> range, plot_range asked)
        : asked_{std::move(asked)}, range_{range}, share_{scale(name)} {}

    /// The colour of a value; grey where the scale has no place for it. Counts what lies beyond.
    [[nodiscard]] std::string of(double value) {
        if (std::isnan(value) || (share_.logarithmic() && !(value > 0))) {
            ++without_place_;
            return "#bbbbbb";
        }
        beyond_ += share_.holds(value) ? 0 : 1;
        return plot::scale_colour(share_.at(std::clamp(value, share_.low(), share_.high())));
    }
    /// The room on the right of the axes that bar, labels and name need.
    [[nodiscard]] double room() const { return std::max(140.0, 96 + plot::plot_area::label_width(share_, 13)); }

    void draw(plot::svg_plot& plot) const {
        const plot::axis bar{range_.first, range_.second, plot.bottom, plot.top, asked_};
        std::vector<std::string> colours;
        for (int i = 0; i <= 8; ++i) colours.push_back(plot::scale_colour(i / 8.0));
        plot.define_gradient("verdant-scale", colours);
        const auto left = plot.right() + plot.scaled(30), font = plot.options().font_size;
        plot.rectangle({left, plot.top}, plot.scaled(16), plot.bottom - plot.top, {.fill = "url(#verdant-scale)"});
        double labelled = 1e9;
        for (const auto t : bar.ticks()) {
            plot.line({left + plot.scaled(16), bar.at(t)}, {left + plot.scaled(19), bar.at(t)}, {.stroke = "#000000"});
            if (bar.at(t) + font > labelled) continue;
            plot.text({left + plot.scaled(22), bar.at(t) + plot.scaled(4)}, bar.label(t));
            labelled = bar.at(t);
        }
        plot.text({plot.options().width - plot.scaled(20), (plot.top + plot.bottom) / 2}, plot::fitted(asked_.label, plot.bottom - plot.top, font),
                  {.anchor = plot::anchor::middle, .turned = -90});
        const auto remark = [&](std::size_t count, std::string_view words, double down) {
            if (count > 0)
                plot.text({plot.options().width - plot.scaled(6), plot.bottom + plot.scaled(down)}, std::to_string(count) + std::string{words},
                          {.anchor = plot::anchor::end, .size = plot.scaled(11)});
        };
        remark(beyond_, " beyond the colours", 38);
        remark(without_place_, " without a colour (grey)", 52);
    }

private:
    plot::axis scale(std::string_view name) {
        if (asked_.label.empty()) asked_.label = name;
        return {range_.first, range_.second, 0, 1, asked_};
    }
    plot_range asked_;
    std::pair<double, double> range_;
    plot::axis share_;
    std::size_t beyond_ = 0, without_place_ = 0;
};

/// The picture itself.
template <class Trial>
[[nodiscard]] std::string draw_scatter(std::string_view title, const scatter_names& names, const std::vector<Trial>& trials, std::size_t failed,
                                       const std::vector<plotted_baseline>& baselines, const scatter_options& options) {
    std::vector<double> baseline_xs, baseline_ys;
    for (const auto& b : baselines) baseline_xs.push_back(b.x), baseline_ys.push_back(b.y);
    const auto xs = scattered_range(trials, &Trial::x, options.x, baseline_xs), ys = scattered_range(trials, &Trial::y, options.y, baseline_ys);
    const auto asked = [](plot_range range, std::string_view name) {
        if (range.label.empty()) range.label = name;
        return range;
    };
    // Colours are of what is drawn: one trial far beyond the axes would make all others dark.
    std::vector<Trial> drawn;
    std::size_t outside = 0, without_place = 0;
    const plot::axis across{xs.first, xs.second, 0, 1, asked(options.x, names.x)}, up{ys.first, ys.second, 0, 1, asked(options.y, names.y)};
    for (const auto& t : trials) {
        if (across.holds(t.x) && up.holds(t.y)) drawn.push_back(t);
        else if ((across.logarithmic() && !(t.x > 0)) || (up.logarithmic() && !(t.y > 0))) ++without_place;
        else ++outside;
    }
    colour_bar colours{names.colour, scattered_range(drawn, &Trial::colour, options.colour), options.colour};
    const auto ringed = [](std::string c) { return plot::paint{.fill = std::move(c), .stroke = "#000000", .width = 1.5}; };
    const auto filled = [](std::string c) { return plot::paint{.fill = std::move(c)}; };
    const auto hollow = [](std::string c) { return plot::paint{.fill = "none", .stroke = std::move(c), .width = 1.5}; };
    std::vector<plot::key_entry> key{{.words = "Pareto front", .radius = 5, .filled = ringed("white")},
                                     {.words = "feasible", .radius = 3, .filled = filled("#8f9ba6")},
                                     {.words = "breaks a constraint", .radius = 3, .filled = hollow("#8f9ba6")}};
    for (std::size_t i = 0; i < baselines.size(); ++i) key.push_back(baseline_key(baselines[i].name, i));

    plot::svg_plot plot{
        title,
        names.x,
        xs,
        names.y,
        ys,
        plot::plot_layout{
            .x = options.x, .y = options.y, .picture = options.picture, .beside = colours.room(), .key_rows = plot::key_rows(key, options.picture)}};
    const auto draw = [&](bool feasible, bool front) {
        for (const auto& t : drawn) {
            if (t.feasible != feasible || t.front != front) continue;
            auto colour = colours.of(t.colour);
            const auto paint = front ? ringed(std::move(colour)) : feasible ? filled(std::move(colour)) : hollow(std::move(colour));
            plot.circle(plot.at(t.x, t.y), front ? 5 : 3, paint, t.words);
        }
    };
    draw(false, false);
    draw(true, false);
    draw(true, true);
    colours.draw(plot);
    draw_baselines(plot, baselines);
    plot::draw_key_below(plot, key);
    plot.count_outside(outside);
    plot.count_without_logarithm(without_place);
    count_unplaced(plot, {.failed = failed});
    return std::move(plot).finished();
}
VERDANT_DEFINED_ONCE(std::string draw_scatter(std::string_view, const scatter_names&, const std::vector<scattered_trial>&, std::size_t,
                                              const std::vector<plotted_baseline>&, const scatter_options&));

} // namespace detail

/// A picture (SVG) of all completed trials over two metrics, coloured by a third one with a bar that says its values: the trials of the Pareto
/// front are ringed black, infeasible ones are hollow. The axes show the values as they are, so better is to the right or up where a metric is
/// maximised, to the left or down where it is minimised. The colours span the trials that are drawn. Without ends of
/// their own the axes hold all finite values. Failed trials, and those beyond the axes, are counted.
///
///     io::write_file("carbon.svg", scatter_svg<total_carbon, accuracy, latency>(found, "carbon", {.colour = {0, 50}})); // ms
///
/// Throws `input_error` for options that cannot be honoured, as `front_svg` does.
/// @tparam X, Y, Colour metrics that the goals record, also tracked ones
template <metric_like X, metric_like Y, metric_like Colour, class Space, class Goals>
[[nodiscard]] std::string scatter_svg(const search_result<Space, Goals>& result, std::string_view title, const scatter_options& options = {}) {
    detail::check_baselines(options.baselines, detail::names_of_metrics<Goals>());
    std::vector<std::uint64_t> front;
    for (const auto& t : result.front()) front.push_back(t.number);
    std::sort(front.begin(), front.end());
    std::vector<detail::scattered_trial> plotted;
    for (const auto& t : result.trials())
        if (t.completed())
            plotted.push_back({detail::reported<X>(t.values), detail::reported<Y>(t.values), detail::reported<Colour>(t.values), t.feasible(),
                               std::binary_search(front.begin(), front.end(), t.number),
                               options.picture.tooltips == plot::tooltips::shown ? detail::trial_words(t) : std::string{}});
    const auto x = detail::column_name<X>(), y = detail::column_name<Y>(), colour = detail::column_name<Colour>();
    const auto baselines = detail::plotted_baselines(options.baselines, {.name = x, .metric = X::name()}, {.name = y, .metric = Y::name()});
    return detail::draw_scatter(title, {x, y, colour}, plotted, result.trials().size() - plotted.size(), baselines, options);
}

namespace detail {

/// What is said of arguments that do not fit.
template <class... Wrong>
struct scatter_svg_slip : refusal {
    static_assert(
        fits<Wrong...>,
        "verdant: scatter_svg takes no such arguments: an option is misspelt, out of order or of another type, or what stands between < and > is "
        "not three metrics by their types; write scatter_svg<total_carbon, accuracy, latency>(result, \"title\", {.x = {0, 2}}); the compiler "
        "names the wrong one where the options have a name: const scatter_options how{...};");
};

} // namespace detail

/// Refused: where the options are wrong this fits, or the next one, and nothing else does.
template <class... Wrong>
[[nodiscard]] std::string scatter_svg(const detail::any_argument&, const detail::any_argument&, const detail::misspelt_plot_options&) {
    static_cast<void>(detail::scatter_svg_slip<Wrong...>::value);
    return {};
}
/// The same.
template <class... Wrong>
[[nodiscard]] std::string scatter_svg(const detail::any_argument&, const detail::any_argument& = {}, ...) {
    static_cast<void>(detail::scatter_svg_slip<Wrong...>::value);
    return {};
}
/// The same of metrics in quotation marks.
template <fixed_string First, fixed_string... Others>
[[nodiscard]] std::string scatter_svg(const detail::any_argument&, const detail::any_argument& = {}, const detail::misspelt_plot_options& = {}) {
    static_cast<void>(detail::scatter_svg_slip<detail::named<First>, detail::named<Others>...>::value);
    return {};
}

} // namespace verdant
