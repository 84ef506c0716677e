#pragma once

// The circles and lines of a picture (SVG), in order.

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace marks {

struct circle {
    double x, y;
    std::string fill, stroke;
};
struct line {
    std::string stroke, dashes, points;
};

/// An attribute of an element, empty where it has none.
inline std::string attribute(std::string_view element, std::string_view name) {
    const auto at = element.find(' ' + std::string{name} + "=\"");
    if (at == std::string_view::npos) return {};
    const auto begin = at + name.size() + 3;
    return std::string{element.substr(begin, element.find('"', begin) - begin)};
}

template <class Use>
void each(std::string_view svg, std::string_view name, Use use) {
    const auto start = '<' + std::string{name} + ' ';
    for (auto at = svg.find(start); at != std::string_view::npos; at = svg.find(start, at + 1)) use(svg.substr(at, svg.find('>', at) - at));
}

inline std::vector<circle> circles(std::string_view svg) {
    std::vector<circle> all;
    each(svg, "circle", [&](std::string_view e) {
        all.push_back({std::strtod(attribute(e, "cx").c_str(), nullptr), std::strtod(attribute(e, "cy").c_str(), nullptr), attribute(e, "fill"),
                       attribute(e, "stroke")});
    });
    return all;
}

inline std::vector<line> polylines(std::string_view svg) {
    std::vector<line> all;
    each(svg, "polyline",
         [&](std::string_view e) { all.push_back({attribute(e, "stroke"), attribute(e, "stroke-dasharray"), attribute(e, "points")}); });
    return all;
}

} // namespace marks
