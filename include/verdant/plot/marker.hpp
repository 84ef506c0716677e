#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/svg_writer.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// Shapes of marks, so that kinds are told apart without colours.
namespace verdant::plot {

/// The shape of a mark.
enum class marker : std::uint8_t { circle, square, triangle, diamond, turned_triangle, plus, cross, star };

/// Shapes for things without an order, in turn as `kind_colours` are. Seven colours and six shapes come together again at the 43rd kind.
inline constexpr std::array<marker, 6> kind_markers{marker::circle,  marker::square,          marker::triangle,
                                                    marker::diamond, marker::turned_triangle, marker::plus};

/// Draws a mark. A cross and a plus are filled, as the other shapes are.
/// @param radius of the circle; other shapes are about as large
/// @param words  what viewers show of it under the pointer
template <class = instantiated_when_used>
void draw_marker(svg_writer& picture, marker shape, position at, double radius, const paint& p, std::string_view words = {}) {
    if (shape == marker::circle) {
        picture.circle(at, radius, p, words);
        return;
    }
    std::vector<position> corners;
    const auto add = [&](double x, double y) { corners.push_back({at.x + radius * x, at.y + radius * y}); };
    // `n` corners around the middle, every second one nearer to it.
    const auto around = [&](int n, double far, double near, double turn) {
        for (int k = 0; k < n; ++k) {
            const auto angle = 2 * 3.141592653589793 * (k + turn) / n;
            add((k % 2 == 0 ? far : near) * std::sin(angle), -(k % 2 == 0 ? far : near) * std::cos(angle));
        }
    };
    switch (shape) {
    case marker::square: around(4, 1.25, 1.25, 0.5); break;
    case marker::triangle: around(3, 1.35, 1.35, 0); break;
    case marker::diamond: around(4, 1.4, 1.4, 0); break;
    case marker::turned_triangle: around(3, 1.35, 1.35, 1.5); break;
    case marker::star: around(10, 1.7, 0.7, 0); break;
    default: { // a plus, or one turned by an eighth
        constexpr double arm = 0.35, tip = 1.3, half = 0.7071067811865476;
        constexpr std::array<position, 12> plus{{{-arm, -tip},
                                                 {arm, -tip},
                                                 {arm, -arm},
                                                 {tip, -arm},
                                                 {tip, arm},
                                                 {arm, arm},
                                                 {arm, tip},
                                                 {-arm, tip},
                                                 {-arm, arm},
                                                 {-tip, arm},
                                                 {-tip, -arm},
                                                 {-arm, -arm}}};
        for (const auto& c : plus)
            if (shape == marker::plus) add(c.x, c.y);
            else add(half * (c.x - c.y), half * (c.x + c.y));
    }
    }
    picture.polygon(corners, p, words);
}
VERDANT_DEFINED_ONCE(void draw_marker<>(svg_writer&, marker, position, double, const paint&, std::string_view));

} // namespace verdant::plot
