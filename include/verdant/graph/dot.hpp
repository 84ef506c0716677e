#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Graphs as DOT, the language of Graphviz: nodes as boxes, coloured by how much they matter (AutoBuild: ge_utils/visualize_nembed.py).
namespace verdant::graph {

/// Colours of nodes by norms, `#RR6262`: RR is 00 at the least norm and ff at the largest; 00 everywhere where all are equal, where the original
/// divides by zero.
/// @throws input_error where a norm is not finite
[[nodiscard]] inline std::vector<std::string> norm_colours(std::span<const double> norms) {
    double least = 0, range = 0;
    for (std::size_t i = 0; i < norms.size(); ++i)
        if (!std::isfinite(norms[i])) throw input_error{"picture of a graph", "norm " + std::to_string(i), "a finite number", std::to_string(norms[i])};
    if (!norms.empty()) {
        least = *std::min_element(norms.begin(), norms.end());
        range = *std::max_element(norms.begin(), norms.end()) - least;
    }
    std::vector<std::string> colours;
    colours.reserve(norms.size());
    for (const double norm : norms) {
        const int red = range > 0 ? static_cast<int>(255 * (norm - least) / range) : 0;
        colours.push_back(std::string{'#'} + "0123456789abcdef"[red / 16] + "0123456789abcdef"[red % 16] + "6262");
    }
    return colours;
}

namespace detail {

/// A string of DOT. A backslash begins an escape there, so that one becomes two.
[[nodiscard]] inline std::string dot_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        if (c == '\n') quoted += "\\n";
        else quoted += c;
    }
    return quoted + '"';
}

} // namespace detail

/// The text of a picture of a graph: below each node the edges that leave it, in the order of their list. Paper is large enough for a line each, and
/// 18 inches at least.
/// @param labels a word for each node
/// @param colours a colour for each node, such as those of `norm_colours` or `brown2`
/// @throws input_error where there is not one label and one colour for each node
[[nodiscard]] inline std::string dot_text(const csr_graph& graph, std::span<const std::string> labels, std::span<const std::string> colours) {
    const auto require = [&](std::string_view what, std::size_t found) {
        if (found != graph.nodes()) throw input_error{"picture of a graph", what, "one for each of " + std::to_string(graph.nodes()) + " nodes", std::to_string(found)};
    };
    require("labels", labels.size());
    require("colours", colours.size());
    std::vector<std::vector<node>> targets(graph.nodes());
    for (const auto& e : edges_of(graph)) targets[e.source].push_back(e.target);
    std::string body = "\tnode [align=left fontsize=14 height=0.2 ranksep=0.1 shape=box style=filled]\n";
    for (std::size_t n = 0; n < graph.nodes(); ++n) {
        body += '\t' + std::to_string(n) + " [label=" + verdant::graph::detail::dot_string(labels[n]) +
                " fillcolor=" + verdant::graph::detail::dot_string(colours[n]) + " fontcolor=white]\n";
        for (const node target : targets[n]) body += '\t' + std::to_string(n) + " -> " + std::to_string(target) + '\n';
    }
    // As python-graphviz counts: a line for each node and each edge.
    const auto size = std::to_string(std::max<std::size_t>(18, graph.nodes() + graph.edges())) + ".0";
    return "digraph {\n\tgraph [size=\"" + size + ',' + size + "\"]\n" + body + "}\n";
}

} // namespace verdant::graph
