#pragma once

// The circles, lines and texts of a picture (SVG), in order.

#include <cstddef>
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

struct text {
    double x, y, size;
    std::string anchor, words;
    bool turned;
    /// Where the words begin and end, for letters of six tenths of their size.
    [[nodiscard]] double begin() const {
        const auto wide = 0.6 * size * static_cast<double>(words.size());
        return anchor == "middle" ? x - wide / 2 : anchor == "end" ? x - wide : x;
    }
    [[nodiscard]] double end() const { return begin() + 0.6 * size * static_cast<double>(words.size()); }
};

inline std::vector<text> texts(std::string_view svg) {
    const auto usual = std::strtod(attribute(svg.substr(0, svg.find('>')), "font-size").c_str(), nullptr);
    std::vector<text> all;
    for (auto at = svg.find("<text "); at != std::string_view::npos; at = svg.find("<text ", at + 1)) {
        const auto close = svg.find('>', at);
        const auto e = svg.substr(at, close - at);
        const auto size = attribute(e, "font-size");
        all.push_back({std::strtod(attribute(e, "x").c_str(), nullptr), std::strtod(attribute(e, "y").c_str(), nullptr),
                       size.empty() ? usual : std::strtod(size.c_str(), nullptr), attribute(e, "text-anchor"),
                       std::string{svg.substr(close + 1, svg.find('<', close) - close - 1)}, !attribute(e, "transform").empty()});
    }
    return all;
}

/// Two texts of a picture that lie over each other, or one that lies outside it; empty where there are none. Turned texts are left out.
inline std::string colliding(std::string_view svg) {
    const auto head = svg.substr(0, svg.find('>'));
    const auto width = std::strtod(attribute(head, "width").c_str(), nullptr), height = std::strtod(attribute(head, "height").c_str(), nullptr);
    const auto all = texts(svg);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& a = all[i];
        if (a.turned || a.words.empty()) continue;
        if (a.begin() < -0.5 || a.end() > width + 0.5 || a.y - 0.75 * a.size < -0.5 || a.y > height) return a.words + " outside";
        for (std::size_t j = 0; j < i; ++j) {
            const auto& b = all[j];
            if (b.turned || b.words.empty()) continue;
            const bool apart = a.end() <= b.begin() || b.end() <= a.begin() || a.y - 0.75 * a.size >= b.y || b.y - 0.75 * b.size >= a.y;
            if (!apart) return a.words + " over " + b.words;
        }
    }
    return {};
}

inline std::vector<std::string> polygons(std::string_view svg) {
    std::vector<std::string> all;
    each(svg, "polygon", [&](std::string_view e) { all.push_back(attribute(e, "fill")); });
    return all;
}

} // namespace marks
