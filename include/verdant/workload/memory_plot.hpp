#pragma once

#include <verdant/search/svg_plot.hpp>

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
    detail::svg_plot plot{title, "layer", {0, static_cast<double>(history.size() + 1)}, "elements in memory", {0, static_cast<double>(peak)}};
    const auto at = [&plot](double x) { return plot.across.at(x); };
    const auto number = [](double x) { return detail::svg_plot::number(x); };
    for (std::size_t i = 0; i < history.size(); ++i) {
        const auto x = static_cast<double>(i + 1);
        const auto top = plot.up.at(static_cast<double>(history[i]));
        plot.element("<rect x=\"" + number(at(x - 0.4)) + "\" y=\"" + number(top) + "\" width=\"" + number(at(x + 0.4) - at(x - 0.4)) +
                     "\" height=\"" + number(detail::svg_plot::bottom - top) + "\" fill=\"" + (history[i] == peak ? "#0b4f6c" : "#4f9fc0") +
                     "\"><title>layer " + std::to_string(i + 1) + ": " + std::to_string(history[i]) + "</title></rect>\n");
    }
    return std::move(plot).finished();
}

} // namespace verdant::workload
