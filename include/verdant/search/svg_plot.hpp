#pragma once

#include <verdant/search/plot_axis.hpp>
#include <verdant/search/report.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace verdant::detail {

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

/// A picture (SVG) of 800 by 600 with two axes, on which marks are drawn. Positions are those of the picture; `across` and `up` map values to them.
class svg_plot {
public:
    static constexpr double left = 90, top = 50, bottom = 520;
    const plot_axis across, up;

    /// @param xs, ys finite ranges of the values shown, the lower end first
    /// @param right  where the axes end on the right; beyond it there is room for a key
    svg_plot(std::string_view title, std::string_view x_name, std::pair<double, double> xs, std::string_view y_name, std::pair<double, double> ys,
             double right = 770)
        : across{xs.first, xs.second, left, right}, up{ys.first, ys.second, bottom, top}, right_{right} {
        svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"600\" viewBox=\"0 0 800 600\" font-family=\"sans-serif\" "
               "font-size=\"13\">\n<title>" +
               xml_text(title) + "</title>\n<rect width=\"800\" height=\"600\" fill=\"white\"/>\n";
        const auto middle = (left + right) / 2;
        text(middle, 30, "middle\" font-size=\"16", title);
        for (const auto t : across.ticks())
            grid(across.at(t), across.at(t), bottom, top), text(across.at(t), bottom + 20, "middle", rounded_text(t, 4));
        for (const auto t : up.ticks()) grid(left, right, up.at(t), up.at(t)), text(left - 8, up.at(t) + 4, "end", rounded_text(t, 4));
        text(middle, 565, "middle", x_name);
        text(24, 285, "middle\" transform=\"rotate(-90 24 285)", y_name);
    }

    [[nodiscard]] static std::string number(double value) { return rounded_text(value, 6); }
    [[nodiscard]] double right() const { return right_; }
    [[nodiscard]] bool holds(double x, double y) const { return across.holds(x) && up.holds(y); }

    /// @param anchor `start`, `middle` or `end`
    void text(double x, double y, std::string_view anchor, std::string_view words) {
        svg_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + std::string{anchor} + "\">" + xml_text(words) + "</text>\n";
    }
    /// @param paint the colour, and other attributes after its closing quote
    void circle(double x, double y, double radius, std::string_view paint) {
        svg_ += "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + "\" fill=\"" + std::string{paint} + "\"/>\n";
    }
    /// @param corners `x,y x,y ...`
    /// @param paint   the colour, and other attributes after its closing quote
    void polyline(std::string_view corners, std::string_view paint) {
        svg_ += "<polyline fill=\"none\" stroke=\"" + std::string{paint} + "\" stroke-width=\"1.5\" points=\"" + std::string{corners} + "\"/>\n";
    }
    /// Any other element, well-formed.
    void element(std::string_view xml) { svg_ += xml; }
    /// The line that counts what the axes do not hold.
    void count_outside(std::size_t trials) {
        if (trials > 0) text(right_, 592, "end", std::to_string(trials) + (trials == 1 ? " trial" : " trials") + " beyond the picture");
    }

    [[nodiscard]] std::string finished() && { return std::move(svg_) + "</svg>\n"; }

private:
    void grid(double x1, double x2, double y1, double y2) {
        svg_ += "<line x1=\"" + number(x1) + "\" x2=\"" + number(x2) + "\" y1=\"" + number(y1) + "\" y2=\"" + number(y2) + "\" stroke=\"#ddd\"/>\n";
    }

    double right_;
    std::string svg_;
};

} // namespace verdant::detail
