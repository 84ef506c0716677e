#pragma once

#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/svg_writer.hpp>
#include <verdant/workload/convnet/network_drawing.hpp>

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
    const auto upper = [&](std::size_t i) { return top + step * static_cast<double>(i); };
    plot::svg_writer svg{whole, tall};
    svg.define_arrow_head("verdant-head");
    svg.background("white");
    if (!caption.empty()) { // a long one is set smaller, and cut at last
        svg.title(caption);
        const auto size = std::clamp(15 * (whole - 2 * margin) / plot::text_width(caption, 15), 10.0, 15.0);
        svg.text({whole / 2, margin + 6}, plot::fitted(caption, whole - margin, size), {.anchor = plot::anchor::middle, .colour = "black", .size = size});
    }
    const plot::paint arrow{.stroke = "black", .end_marker = "verdant-head"}, shortcut{.fill = "none", .stroke = "#777", .end_marker = "verdant-head"};
    for (const auto& e : d.edges) {
        if (e.to >= d.nodes.size()) continue; // an arrow past the last box, which Graphviz would add
        const double from = upper(e.from) + height, to = upper(e.to);
        if (e.shortcut) {
            const auto side = [&](std::size_t node) { return middle + inches(d.nodes[node]) * inch / 2; };
            const double out = std::max(side(e.from), side(e.to)) + arc;
            svg.curve({side(e.from), from - height / 2}, {out, from}, {out, to}, {side(e.to), to + height / 2}, shortcut);
        } else {
            svg.line({middle, from}, {middle, to}, arrow);
            svg.text({middle + 8, (from + to) / 2 + 4}, e.label, {.colour = "black", .size = 12});
        }
    }
    for (std::size_t i = 0; i < d.nodes.size(); ++i) {
        const auto& n = d.nodes[i];
        const double width = inches(n) * inch;
        svg.rectangle({middle - width / 2, upper(i)}, width, height, {.fill = std::string{n.colour}}, 8);
        svg.text({middle, upper(i) + height / 2 + 5}, n.label, {.anchor = plot::anchor::middle, .colour = std::string{n.font}, .size = 14});
    }
    return std::move(svg).finished();
}

} // namespace verdant::workload
