#pragma once

#include <verdant/search/report.hpp>
#include <verdant/search/result.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace verdant {

namespace detail {

/// One axis of a plot: data range with round ticks (Heckbert, Graphics Gems, 1990).
class plot_axis {
public:
    plot_axis(double low, double high, double from, double to) : from_{from}, to_{to} {
        if (!(low < high)) {
            const auto pad = low == 0 ? 1.0 : std::abs(low) * 0.1;
            low -= pad;
            high = low + 2 * pad;
        }
        const auto magnitude = std::pow(10.0, std::floor(std::log10((high - low) / 5)));
        const auto fraction = (high - low) / 5 / magnitude;
        step_ = (fraction < 1.5 ? 1.0 : fraction < 3 ? 2.0 : fraction < 7 ? 5.0 : 10.0) * magnitude;
        low_ = std::floor(low / step_) * step_;
        high_ = std::ceil(high / step_) * step_;
    }
    [[nodiscard]] double at(double value) const { return from_ + (value - low_) / (high_ - low_) * (to_ - from_); }
    [[nodiscard]] std::vector<double> ticks() const {
        std::vector<double> all;
        const auto count = static_cast<int>(std::lround((high_ - low_) / step_));
        for (int i = 0; i <= count; ++i) all.push_back(low_ + i * step_);
        return all;
    }
    [[nodiscard]] bool holds(double value) const { return value >= low_ && value <= high_; }

private:
    double from_, to_, low_ = 0, high_ = 1, step_ = 1;
};

[[nodiscard]] inline std::string xml_text(std::string_view text) {
    std::string safe;
    for (const char c : text) safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string{c};
    return safe;
}

/// The column and the values of objective number `Index` of trials, as reports show them.
template <class Goals, std::size_t Index>
struct objective_column {
    std::string name{};
    double factor = 1, sign = 1;
    objective_column() {
        std::size_t o = 0;
        Goals::for_each([&]<class G>() {
            if constexpr (objective<G>) {
                if (o++ != Index) return;
                name = column_name<typename G::metric_type>();
                factor = G::metric_type::unit::factor;
                sign = G::maximized ? -1 : 1;
            }
        });
    }
    template <class Trial>
    [[nodiscard]] double operator()(const Trial& t) const { return sign * t.objectives[Index] / factor; }
};

} // namespace detail

/// A picture (SVG) of the trials over the first two objectives: infeasible ones pale, feasible ones grey, the Pareto front as a line.
/// Constraints are not drawn; trials far off (beyond three times the extent of the front) are left out and counted.
template <class Space, class Goals>
    requires(Goals::objective_count >= 2)
[[nodiscard]] std::string front_svg(const search_result<Space, Goals>& result, std::string_view title) {
    const detail::objective_column<Goals, 0> x;
    const detail::objective_column<Goals, 1> y;
    const auto& shown = result.empty() ? result.trials() : result.front();
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (const auto& t : shown) {
        if (!t.completed() || !std::isfinite(x(t)) || !std::isfinite(y(t))) continue;
        low[0] = std::min(low[0], x(t));
        high[0] = std::max(high[0], x(t));
        low[1] = std::min(low[1], y(t));
        high[1] = std::max(high[1], y(t));
    }
    if (!(low[0] <= high[0])) low[0] = low[1] = 0, high[0] = high[1] = 1;
    // The front fills a good part of the picture; what lies behind it on the worse side is seen as far as that leaves room.
    double end[2] = {high[0], high[1]};
    for (const auto& t : result.trials()) {
        if (!t.completed()) continue;
        if (x(t) <= high[0] + (high[0] - low[0]) * 0.6) end[0] = std::max(end[0], x(t));
        if (y(t) <= high[1] + (high[1] - low[1]) * 0.6) end[1] = std::max(end[1], y(t));
    }
    constexpr double left = 90, right = 770, top = 50, bottom = 520;
    const detail::plot_axis across{low[0], end[0], left, right}, up{low[1], end[1], bottom, top};
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"600\" viewBox=\"0 0 800 600\" font-family=\"sans-serif\" "
                      "font-size=\"13\">\n<rect width=\"800\" height=\"600\" fill=\"white\"/>\n<text x=\"430\" y=\"30\" text-anchor=\"middle\" font-size=\"16\">" +
                      detail::xml_text(title) + "</text>\n";
    const auto n = [](double value) { return rounded_text(value, 6); };
    for (const auto t : across.ticks())
        svg += "<line x1=\"" + n(across.at(t)) + "\" x2=\"" + n(across.at(t)) + "\" y1=\"" + n(top) + "\" y2=\"" + n(bottom) +
               "\" stroke=\"#ddd\"/><text x=\"" + n(across.at(t)) + "\" y=\"" + n(bottom + 20) + "\" text-anchor=\"middle\">" + rounded_text(t, 4) + "</text>\n";
    for (const auto t : up.ticks())
        svg += "<line x1=\"" + n(left) + "\" x2=\"" + n(right) + "\" y1=\"" + n(up.at(t)) + "\" y2=\"" + n(up.at(t)) + "\" stroke=\"#ddd\"/><text x=\"" +
               n(left - 8) + "\" y=\"" + n(up.at(t) + 4) + "\" text-anchor=\"end\">" + rounded_text(t, 4) + "</text>\n";
    svg += "<text x=\"430\" y=\"565\" text-anchor=\"middle\">" + detail::xml_text(x.name) + "</text>\n<text transform=\"translate(24 285) rotate(-90)\" " +
           "text-anchor=\"middle\">" + detail::xml_text(y.name) + "</text>\n";

    std::size_t outside = 0;
    const auto dot = [&](const auto& t, std::string_view style) {
        if (!across.holds(x(t)) || !up.holds(y(t))) return void(++outside);
        svg += "<circle cx=\"" + n(across.at(x(t))) + "\" cy=\"" + n(up.at(y(t))) + "\" " + std::string{style} + "/>\n";
    };
    for (const auto& t : result.trials())
        if (t.completed() && !t.feasible()) dot(t, "r=\"2\" fill=\"#f3c9b5\"");
    for (const auto& t : result.trials())
        if (t.feasible()) dot(t, "r=\"2\" fill=\"#aab4be\"");
    svg += "<polyline fill=\"none\" stroke=\"#1b7f4d\" stroke-width=\"1.5\" points=\"";
    for (const auto& t : result.front()) svg += n(across.at(x(t))) + ',' + n(up.at(y(t))) + ' ';
    svg += "\"/>\n";
    for (const auto& t : result.front()) dot(t, "r=\"4\" fill=\"#1b7f4d\"");
    const auto legend = [&](double at, std::string_view colour, std::string_view text) {
        svg += "<circle cx=\"" + n(at) + "\" cy=\"588\" r=\"4\" fill=\"" + std::string{colour} + "\"/><text x=\"" + n(at + 9) + "\" y=\"592\">" +
               std::string{text} + "</text>\n";
    };
    legend(100, "#1b7f4d", "Pareto front");
    legend(230, "#aab4be", "feasible");
    legend(330, "#f3c9b5", "breaks a constraint");
    if (outside > 0) svg += "<text x=\"770\" y=\"592\" text-anchor=\"end\">" + std::to_string(outside) + " trials beyond the picture</text>\n";
    return svg + "</svg>\n";
}

} // namespace verdant
