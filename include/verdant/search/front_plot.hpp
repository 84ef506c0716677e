#pragma once

#include <verdant/search/plot_axis.hpp>
#include <verdant/search/report.hpp>
#include <verdant/search/result.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

namespace detail {

/// Text as XML wants it.
[[nodiscard]] inline std::string xml_text(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '<') safe += "&lt;";
        else if (c == '>') safe += "&gt;";
        else if (c == '&') safe += "&amp;";
        else if (c == '"') safe += "&quot;";
        else safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c; // control characters are not allowed at all
    }
    return safe;
}

/// One objective as a report shows it.
struct shown_objective {
    std::string name;
    double factor = 1, sign = 1;
    /// The value that is to be small, in the unit shown, and back.
    [[nodiscard]] double cost(double si_cost) const { return si_cost / factor; }
    [[nodiscard]] double shown(double cost) const { return sign * cost; }
};

template <class Goals>
[[nodiscard]] std::vector<shown_objective> shown_objectives() {
    std::vector<shown_objective> all;
    Goals::for_each([&all]<class G>() {
        if constexpr (objective<G>)
            all.push_back({column_name<typename G::metric_type>(), G::metric_type::unit::factor, G::maximized ? -1.0 : 1.0});
    });
    return all;
}

/// What is drawn of a trial: costs over two objectives.
struct plotted_trial {
    double x, y;
    bool feasible;
};

/// The range of costs that a picture shows of one objective: all of the front and, of what is worse, twice as much.
[[nodiscard]] inline std::pair<double, double> plotted_range(const std::vector<plotted_trial>& front, const std::vector<plotted_trial>& all,
                                                             double plotted_trial::*axis) {
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    double best = infinity, worst = -infinity;
    for (const auto& t : front.empty() ? all : front) {
        best = std::min(best, t.*axis);
        worst = std::max(worst, t.*axis);
    }
    if (best > worst) return {0, 1};
    const auto extent = worst > best ? worst - best : std::abs(worst) * 0.5;
    const auto limit = worst + 2 * extent;
    for (const auto& t : all)
        if (t.*axis <= limit) worst = std::max(worst, t.*axis);
    return {best, worst};
}

/// The front over the two objectives alone: what of it is not dominated there, from the left to the right.
[[nodiscard]] inline std::vector<plotted_trial> stairs(std::vector<plotted_trial> front) {
    std::sort(front.begin(), front.end(), [](const plotted_trial& a, const plotted_trial& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    std::vector<plotted_trial> kept;
    for (const auto& t : front)
        if (kept.empty() || t.y < kept.back().y) kept.push_back(t);
    return kept;
}

/// The picture itself, 800 by 600.
class front_picture {
public:
    front_picture(const shown_objective& x, const shown_objective& y, std::pair<double, double> xs, std::pair<double, double> ys)
        : x_{x}, y_{y}, across_{axis(x, xs, left, right)}, up_{axis(y, ys, bottom, top)} {}

    [[nodiscard]] std::string draw(std::string_view title, const std::vector<plotted_trial>& trials, const std::vector<plotted_trial>& front) {
        svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"600\" viewBox=\"0 0 800 600\" font-family=\"sans-serif\" "
               "font-size=\"13\">\n<title>" +
               xml_text(title) + "</title>\n<rect width=\"800\" height=\"600\" fill=\"white\"/>\n";
        text(430, 30, "middle\" font-size=\"16", title);
        for (const auto t : across_.ticks()) grid(across_.at(t), across_.at(t), bottom, top), text(across_.at(t), bottom + 20, "middle", rounded_text(t, 4));
        for (const auto t : up_.ticks()) grid(left, right, up_.at(t), up_.at(t)), text(left - 8, up_.at(t) + 4, "end", rounded_text(t, 4));
        text(430, 565, "middle", x_.name);
        text(24, 285, "middle\" transform=\"rotate(-90 24 285)", y_.name);
        std::size_t outside = 0;
        for (const bool feasible : {false, true})
            for (const auto& t : trials)
                if (t.feasible == feasible) outside += dot(t, 2, feasible ? grey : pale) ? 0 : 1;
        steps(stairs(front));
        for (const auto& t : front) dot(t, 4, green);
        legend(100, green, "Pareto front");
        legend(230, grey, "feasible");
        legend(330, pale, "breaks a constraint");
        if (outside > 0) text(right, 592, "end", std::to_string(outside) + (outside == 1 ? " trial" : " trials") + " beyond the picture");
        return std::move(svg_) + "</svg>\n";
    }

private:
    static constexpr double left = 90, right = 770, top = 50, bottom = 520;
    static constexpr std::string_view green = "#1b7f4d", grey = "#8f9ba6", pale = "#f0bfa8";

    [[nodiscard]] static plot_axis axis(const shown_objective& o, std::pair<double, double> costs, double from, double to) {
        const auto a = o.shown(costs.first), b = o.shown(costs.second);
        return {std::min(a, b), std::max(a, b), from, to};
    }
    [[nodiscard]] static std::string number(double value) { return rounded_text(value, 6); }
    [[nodiscard]] double across(double cost) const { return across_.at(x_.shown(cost)); }
    [[nodiscard]] double up(double cost) const { return up_.at(y_.shown(cost)); }

    void text(double x, double y, std::string_view anchor, std::string_view words) {
        svg_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + std::string{anchor} + "\">" + xml_text(words) + "</text>\n";
    }
    void grid(double x1, double x2, double y1, double y2) {
        svg_ += "<line x1=\"" + number(x1) + "\" x2=\"" + number(x2) + "\" y1=\"" + number(y1) + "\" y2=\"" + number(y2) + "\" stroke=\"#ddd\"/>\n";
    }
    bool dot(const plotted_trial& t, double radius, std::string_view colour) {
        if (!across_.holds(x_.shown(t.x)) || !up_.holds(y_.shown(t.y))) return false;
        circle(across(t.x), up(t.y), radius, colour);
        return true;
    }
    void circle(double x, double y, double radius, std::string_view colour) {
        svg_ += "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + "\" fill=\"" + std::string{colour} + "\"/>\n";
    }
    void legend(double x, std::string_view colour, std::string_view words) {
        circle(x, 588, 4, colour);
        text(x + 9, 592, "start", words);
    }
    /// The border of what the front dominates, which reaches to the worse ends of the picture.
    void steps(const std::vector<plotted_trial>& front) {
        if (front.empty()) return;
        const auto worst_x = across_.at(x_.sign > 0 ? across_.high() : across_.low());
        const auto worst_y = up_.at(y_.sign > 0 ? up_.high() : up_.low());
        std::string corners = number(across(front.front().x)) + ',' + number(worst_y);
        for (std::size_t i = 0; i < front.size(); ++i) {
            corners += ' ' + number(across(front[i].x)) + ',' + number(up(front[i].y));
            corners += ' ' + (i + 1 < front.size() ? number(across(front[i + 1].x)) : number(worst_x)) + ',' + number(up(front[i].y));
        }
        svg_ += "<polyline fill=\"none\" stroke=\"#1b7f4d\" stroke-width=\"1.5\" points=\"" + corners + "\"/>\n";
    }

    const shown_objective& x_;
    const shown_objective& y_;
    plot_axis across_, up_;
    std::string svg_;
};

} // namespace detail

/// A picture (SVG) of the trials over the first two objectives: the Pareto front with the border of what it dominates, other feasible trials
/// grey, infeasible ones pale. Trials that are worse than the whole front by more than twice its extent are left out and counted.
template <class Space, class Goals>
    requires(Goals::objective_count >= 2)
[[nodiscard]] std::string front_svg(const search_result<Space, Goals>& result, std::string_view title) {
    const auto objectives = detail::shown_objectives<Goals>();
    const auto& x = objectives[0];
    const auto& y = objectives[1];
    std::vector<detail::plotted_trial> all, front;
    const auto collect = [&](const trial<Space, Goals>& t, std::vector<detail::plotted_trial>& into) {
        const detail::plotted_trial p{x.cost(t.objectives[0]), y.cost(t.objectives[1]), t.feasible()};
        if (t.completed() && std::isfinite(p.x) && std::isfinite(p.y)) into.push_back(p);
    };
    for (const auto& t : result.trials()) collect(t, all);
    for (const auto& t : result.front()) collect(t, front);
    const auto xs = detail::plotted_range(front, all, &detail::plotted_trial::x);
    const auto ys = detail::plotted_range(front, all, &detail::plotted_trial::y);
    return detail::front_picture{x, y, xs, ys}.draw(title, all, front);
}

} // namespace verdant
