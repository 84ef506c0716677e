#pragma once

#include <verdant/plot/paint.hpp>
#include <verdant/plot/svg.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace verdant::workload {

/// A picture (SVG) of the memory that each layer of a network needs, as bars: layers by their number, from 1, and elements. The largest bars, the
/// peak, are darker.
/// @param history as `memory_history` gives it
[[nodiscard]] inline std::string memory_svg(std::span<const std::int64_t> history, std::string_view title = "memory of each layer") {
    const auto peak = history.empty() ? 0 : *std::max_element(history.begin(), history.end());
    const auto last = static_cast<double>(history.size() + 1);
    plot::svg_plot plot{title, "layer", {0, last}, "elements in memory", {0, static_cast<double>(std::max<std::int64_t>(peak, 1))},
                        plot::plot_layout{.x = {.low = 0, .high = last}}};
    const plot::paint usual{.fill = "#4f9fc0"}, highest{.fill = "#0b4f6c"};
    for (std::size_t i = 0; i < history.size(); ++i) {
        const auto layer = static_cast<double>(i + 1);
        const auto corner = plot.at(layer - 0.4, static_cast<double>(history[i]));
        plot.rectangle(corner, plot.across.at(layer + 0.4) - corner.x, plot.bottom - corner.y, history[i] == peak ? highest : usual, 0,
                       "layer " + std::to_string(i + 1) + ": " + std::to_string(history[i]));
    }
    return std::move(plot).finished();
}

} // namespace verdant::workload
