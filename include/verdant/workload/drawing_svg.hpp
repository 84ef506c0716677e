#pragma once

#include <verdant/search/svg_plot.hpp>
#include <verdant/workload/network_drawing.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace verdant::workload {

/// The picture of a network as SVG, without Graphviz: the boxes of a drawing one below the other, the maps that flow between them beside the arrows,
/// shortcuts as arcs. The same boxes, colours, widths and labels as in `dot_text`.
/// @param caption above it
[[nodiscard]] inline std::string svg_text(const network_drawing& d, std::string_view caption = {}) {
    constexpr double inch = 66, height = 30, step = 58, margin = 20, arc = 46;
    const double top = caption.empty() ? margin : margin + 30;
    const auto inches = [](const drawn_node& n) {
        double width = 2;
        std::from_chars(n.width.data(), n.width.data() + n.width.size(), width);
        return width;
    };
    double widest = 2;
    for (const auto& n : d.nodes) widest = std::max(widest, inches(n));
    const double middle = margin + widest * inch / 2, whole = 2 * margin + widest * inch + 2 * arc,
                 tall = top + margin + step * static_cast<double>(d.nodes.size());
    const auto number = [](double x) { return detail::svg_plot::number(x); };
    const auto upper = [&](std::size_t i) { return top + step * static_cast<double>(i); };
    const auto text = [&](double x, double y, std::string_view anchor, std::string_view colour, int size, std::string_view words) {
        return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + std::string{anchor} + "\" fill=\"" + std::string{colour} +
               "\" font-size=\"" + std::to_string(size) + "\">" + detail::xml_text(words) + "</text>\n";
    };
    std::string svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(whole) + "\" height=\"" + number(tall) + "\" viewBox=\"0 0 " + number(whole) +
        ' ' + number(tall) +
        "\" font-family=\"sans-serif\">\n<defs><marker id=\"verdant-head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" "
        "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\"/></marker></defs>\n<rect width=\"100%\" height=\"100%\" "
        "fill=\"white\"/>\n";
    if (!caption.empty()) svg += text(whole / 2, margin + 6, "middle", "black", 15, caption);
    for (const auto& e : d.edges) {
        if (e.to >= d.nodes.size()) continue; // an arrow past the last box, which Graphviz would add
        const double from = upper(e.from) + height, to = upper(e.to);
        if (e.shortcut) {
            const auto side = [&](std::size_t node) { return middle + inches(d.nodes[node]) * inch / 2; };
            const double out = std::max(side(e.from), side(e.to)) + arc;
            svg += "<path d=\"M" + number(side(e.from)) + ' ' + number(from - height / 2) + 'C' + number(out) + ' ' + number(from) + ' ' +
                   number(out) + ' ' + number(to) + ' ' + number(side(e.to)) + ' ' + number(to + height / 2) +
                   "\" fill=\"none\" stroke=\"#777\" marker-end=\"url(#verdant-head)\"/>\n";
        } else {
            svg += "<line x1=\"" + number(middle) + "\" y1=\"" + number(from) + "\" x2=\"" + number(middle) + "\" y2=\"" + number(to) +
                   "\" stroke=\"black\" marker-end=\"url(#verdant-head)\"/>\n" + text(middle + 8, (from + to) / 2 + 4, "start", "black", 12, e.label);
        }
    }
    for (std::size_t i = 0; i < d.nodes.size(); ++i) {
        const auto& n = d.nodes[i];
        const double width = inches(n) * inch;
        svg += "<rect x=\"" + number(middle - width / 2) + "\" y=\"" + number(upper(i)) + "\" width=\"" + number(width) + "\" height=\"" +
               number(height) + "\" rx=\"8\" fill=\"" + std::string{n.colour} + "\"/>\n" +
               text(middle, upper(i) + height / 2 + 5, "middle", n.font, 14, n.label);
    }
    return svg + "</svg>\n";
}

} // namespace verdant::workload
