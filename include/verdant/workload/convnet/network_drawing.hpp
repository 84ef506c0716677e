#pragma once

#include <verdant/text/number.hpp>
#include <verdant/text/utf8_step.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Pictures of mobile networks for Graphviz, as the original draws them (memory-optimized-once-for-all, ofa/utils/net_viz.py).
namespace verdant::workload {

/// A box of the picture.
struct drawn_node {
    std::string label;
    std::string_view colour = "lightgray";
    std::string_view font = "black";
    std::string width = "4.5"; ///< inches
};

/// An arrow between boxes by their position, labelled with the map that flows along it.
struct drawn_edge {
    std::size_t from = 0, to = 0;
    std::string label;      ///< `24x40x40`: channels, height, width
    bool shortcut = false;  ///< beside the main path: it must not shape the picture
};

/// A picture: boxes from top to bottom, and arrows.
struct network_drawing {
    std::vector<drawn_node> nodes;
    std::vector<drawn_edge> edges;
};

namespace detail {

enum class stage_depth { fixed, elastic };

/// What the next box does with the map that comes to it.
enum class next_box { replaces, adds_input };

/// Appends boxes; each is tied to the next one by the map that leaves it.
class drawing_pen {
public:
    /// The originals mark stages of elastic depth by D, others by S.
    void stage(int number, stage_depth depth) { box({"Stage " + std::to_string(number) + (depth == stage_depth::elastic ? " (D)" : " (S)")}); }
    void layer(std::string label, int kernel, double width = 2) {
        // The originals' colours for kernels 1, 3, 5, 7.
        const std::string_view colour = kernel == 1 ? "#008000" : kernel == 3 ? "#0076c5" : kernel == 5 ? "#f7ad28" : "#991400";
        box({std::move(label), colour, "white", exact_text(width)});
    }
    void box(workload::drawn_node node) { drawing_.nodes.push_back(std::move(node)); }
    /// What leaves the last box, also past the next one where that adds its input.
    void flow(int channels, int side, next_box next = next_box::replaces) {
        const auto from = drawing_.nodes.size() - 1;
        const auto label = std::to_string(channels) + 'x' + std::to_string(side) + 'x' + std::to_string(side);
        drawing_.edges.push_back({from, from + 1, label, false});
        if (next == next_box::adds_input) drawing_.edges.push_back({from, from + 2, label, true});
    }
    [[nodiscard]] workload::network_drawing finish() { return std::move(drawing_); }

private:
    workload::network_drawing drawing_;
};

/// Width of a block's box.
[[nodiscard]] constexpr double drawn_width(double expand) { return expand == 2 ? 2 : expand == 3 ? 3 : expand == 4 ? 3.5 : expand == 6 ? 4.5 : expand + 1; }

} // namespace detail

/// The picture of a MobileNetV3-type network: fixed stage, elastic stages, final stage. As the original, it draws an arrow past every block but the
/// first of its stage, past the fixed block too, and halves sides rounding down.
[[nodiscard]] inline network_drawing drawing_of(const mobile_net& n) {
    verdant::workload::detail::drawing_pen pen;
    int side = n.image_size, channels = n.first_conv.in;
    pen.stage(1, verdant::workload::detail::stage_depth::fixed);
    pen.flow(channels, side);
    pen.layer("ConvLayer-3x3", 3);
    side /= n.first_conv.stride;
    channels = n.first_conv.out;
    pen.flow(channels, side, verdant::workload::detail::next_box::adds_input);
    int stage = -1, number = 1;
    for (std::size_t i = 0; i < n.blocks.size(); ++i) {
        const auto& b = n.blocks[i];
        if (b.stage != stage) {
            stage = b.stage;
            pen.stage(++number, verdant::workload::detail::stage_depth::elastic);
            pen.flow(channels, side);
        }
        const auto k = std::to_string(b.kernel);
        pen.layer("MBConv" + exact_text(b.expand) + '-' + k + 'x' + k, b.kernel, verdant::workload::detail::drawn_width(b.expand));
        side /= b.stride;
        channels = b.out;
        const bool more = i + 1 < n.blocks.size() && n.blocks[i + 1].stage == stage;
        pen.flow(channels, side, more ? verdant::workload::detail::next_box::adds_input : verdant::workload::detail::next_box::replaces);
    }
    pen.box({"Final stage (S)"});
    pen.flow(channels, side);
    if (n.has_final_expand()) {
        pen.layer("ConvLayer-1x1", 1);
        pen.flow(n.final_expand.out, side);
        pen.layer("GlobalAvgPool", 1);
        pen.flow(n.final_expand.out, 1);
        pen.layer("ConvLayer-1x1", 1);
    } else {
        pen.layer("ConvLayer-1x1", 1);
        pen.flow(n.feature_mix.out, side);
        pen.layer("GlobalAvgPool", 1);
    }
    pen.flow(n.feature_mix.out, 1);
    pen.layer("Linear classifier", 1);
    return pen.finish();
}

/// The text of a picture for Graphviz' `dot`.
/// @param caption above it; quotation marks and the signs of markup in it are escaped
[[nodiscard]] inline std::string dot_text(const network_drawing& d, std::string_view caption = {}) {
    const auto large = [](std::string_view text) {
        std::string escaped;
        for (const char c : io::valid_utf8(text)) escaped += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
        return "<<FONT POINT-SIZE=\"32\">" + escaped + "</FONT>>";
    };
    std::string text = "digraph {\n  graph [ratio=fill size=\"10,40\"]\n  node [fontsize=32 height=0.8]\n";
    for (std::size_t i = 0; i < d.nodes.size(); ++i) {
        const auto& n = d.nodes[i];
        text += "  n" + std::to_string(i) + " [label=\"" + n.label + "\" color=\"" + std::string{n.colour} + "\" fontcolor=" + std::string{n.font} +
                " shape=record style=\"rounded,filled\" width=" + n.width + "]\n";
    }
    for (const auto& e : d.edges)
        text += "  n" + std::to_string(e.from) + " -> n" + std::to_string(e.to) + " [label=" + large(e.label) + " fontcolor=black" +
                (e.shortcut ? " weight=0" : "") + "]\n";
    if (!caption.empty()) text += "  label=" + large(caption) + "\n  labelloc=top\n";
    return text + "}\n";
}

} // namespace verdant::workload
