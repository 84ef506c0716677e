#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

/// Colours of plots, as scales and by kind.
namespace verdant::plot {

/// Shares of light.
struct colour {
    double red, green, blue; ///< 0 to 255
};

/// Eighths of the scale "viridis" (van der Walt and Smith, 2015): of even perceived steps, also without red-green vision and in grey.
inline constexpr std::array<colour, 9> scale_colours{
    {{68, 1, 84}, {71, 45, 123}, {59, 82, 139}, {44, 114, 142}, {33, 145, 140}, {40, 174, 128}, {94, 201, 98}, {173, 220, 48}, {253, 231, 37}}};

/// A colour of that scale, `#rrggbb`.
/// @param share 0 to 1, dark to bright; NaN is dark
template <class = instantiated_when_used>
[[nodiscard]] std::string scale_colour(double share) {
    const auto at = (share > 0 ? std::min(share, 1.0) : 0.0) * (scale_colours.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(at), scale_colours.size() - 2);
    const auto part = at - static_cast<double>(below);
    const auto& a = scale_colours[below];
    const auto& b = scale_colours[below + 1];
    std::string text = "#";
    for (const auto of : {&colour::red, &colour::green, &colour::blue}) {
        const auto value = static_cast<std::size_t>(std::lround(a.*of + part * (b.*of - a.*of)));
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[value / 16];
        text += digits[value % 16];
    }
    return text;
}
VERDANT_DEFINED_ONCE(std::string scale_colour<>(double));

/// Colours for things without an order, told apart also without red-green vision (Okabe and Ito, "Color Universal Design", 2002); without its
/// yellow, which does not show on white.
inline constexpr std::array<std::string_view, 7> kind_colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};

/// Patterns of lines for further kinds of the same colours: solid, dashed, dotted, mixed.
inline constexpr std::array<std::string_view, 4> kind_dashes{"none", "8 4", "2 3", "8 3 2 3"};

/// The dashes of a kind by its number: neighbours differ, and what has the same colour does, up to the 28th.
[[nodiscard]] inline std::string kind_dash(std::size_t kind) {
    return std::string{kind_dashes[(kind + kind / (kind_colours.size() * kind_dashes.size())) % kind_dashes.size()]};
}

} // namespace verdant::plot
