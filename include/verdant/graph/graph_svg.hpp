#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/cycle.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/svg_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Graphs as pictures (SVG), once or several times in different colours.
namespace verdant::graph {

/// One drawing of a graph.
struct graph_panel {
    std::string title;
    std::vector<std::string> colours; ///< of each node, such as those of `norm_colours`
};

namespace detail {

/// The row of each node: below all that lead to it, or, where edges go round, its number.
[[nodiscard]] inline std::vector<std::size_t> rows_of(const csr_graph& graph) {
    std::vector<std::size_t> rows(graph.nodes());
    if (!find_cycle(graph).empty()) {
        for (std::size_t n = 0; n < rows.size(); ++n) rows[n] = n;
        return rows;
    }
    std::vector<std::size_t> waiting(graph.nodes());
    std::vector<std::vector<node>> targets(graph.nodes());
    for (const auto& e : edges_of(graph)) {
        targets[e.source].push_back(e.target);
        ++waiting[e.target];
    }
    std::vector<node> ready;
    for (std::size_t n = 0; n < rows.size(); ++n)
        if (waiting[n] == 0) ready.push_back(static_cast<node>(n));
    for (std::size_t i = 0; i < ready.size(); ++i)
        for (const node t : targets[ready[i]]) {
            rows[t] = std::max(rows[t], rows[ready[i]] + 1);
            if (--waiting[t] == 0) ready.push_back(t);
        }
    return rows;
}

} // namespace detail

/// A picture of a graph, from the top to the bottom, for each panel beside the one before: boxes with white words, and arrows.
/// @param labels a word for each node
/// @param title  of the picture
/// @throws input_error where there is not one label and one colour for each node
[[nodiscard]] inline std::string graph_svg(const csr_graph& graph, std::span<const std::string> labels, std::span<const graph_panel> panels,
                                           std::string_view title = "") {
    const auto require = [&](std::string_view what, std::size_t found) {
        if (found != graph.nodes())
            throw input_error{"picture of a graph", what, "one for each of " + std::to_string(graph.nodes()) + " nodes", std::to_string(found)};
    };
    require("labels", labels.size());
    for (const auto& panel : panels) require("colours", panel.colours.size());
    const auto rows = verdant::graph::detail::rows_of(graph);
    std::vector<std::size_t> columns(graph.nodes()), filled;
    std::size_t widest = 1, letters = 4;
    for (std::size_t n = 0; n < graph.nodes(); ++n) {
        if (rows[n] >= filled.size()) filled.resize(rows[n] + 1);
        columns[n] = filled[rows[n]]++;
        widest = std::max(widest, filled[rows[n]]);
        letters = std::max(letters, labels[n].size());
    }
    for (const auto& panel : panels) letters = std::max(letters, panel.title.size());
    constexpr double font = 12, height = 26, below = 20, between = 14, margin = 16, top = 56;
    const double box = 7.4 * static_cast<double>(letters) + 16, across = static_cast<double>(widest) * (box + between) - between, panel_width = across + 2 * margin;
    const auto count = static_cast<double>(std::max<std::size_t>(panels.size(), 1));
    plot::svg_writer picture{count * panel_width, top + static_cast<double>(filled.size()) * (height + below) + margin, font};
    if (!title.empty()) picture.title(title);
    picture.background("white");
    picture.define_arrow_head("arrow");
    picture.text({margin, 22}, title, {.size = 15});
    for (std::size_t p = 0; p < panels.size(); ++p) {
        const double left = static_cast<double>(p) * panel_width + margin;
        const auto corner = [&](std::size_t n) {
            const auto in_row = static_cast<double>(filled[rows[n]]);
            const double row_width = in_row * (box + between) - between;
            return plot::position{left + (across - row_width) / 2 + static_cast<double>(columns[n]) * (box + between), top + static_cast<double>(rows[n]) * (height + below)};
        };
        picture.text({left, 44}, panels[p].title);
        for (const auto& e : edges_of(graph)) {
            if (e.source == e.target) continue;
            const auto from = corner(e.source), to = corner(e.target);
            const bool down = rows[e.target] > rows[e.source];
            picture.line({from.x + box / 2, from.y + (down ? height : 0)}, {to.x + box / 2, to.y + (down ? 0 : height)},
                         {.stroke = "#555555", .width = 1.2, .end_marker = "arrow"});
        }
        for (std::size_t n = 0; n < graph.nodes(); ++n) {
            const auto at = corner(n);
            picture.rectangle(at, box, height, {.fill = panels[p].colours[n], .stroke = "black"}, 3, labels[n]);
            picture.text({at.x + box / 2, at.y + height / 2 + 4}, labels[n], {.anchor = plot::anchor::middle, .colour = "white"});
        }
    }
    return std::move(picture).finished();
}

} // namespace verdant::graph
