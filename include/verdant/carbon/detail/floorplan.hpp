#pragma once

#include <verdant/carbon/detail/elementary.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

/// How large a package of several dies is, and how many bridges join them.
namespace verdant::carbon::detail {

/// A rectangle in mm, and the bridges within it.
struct floor {
    double width = 0, height = 0;
    double bridges = 0;
};

inline constexpr std::size_t most_blocks = 64;

/// Blocks of twice the width as height, halved by area again and again with 0.5 mm between the halves and a bridge for each `bridge_pitch` of common
/// edge (ECO-CHIP, src/CO2_func.py, recursive_split).
/// @param areas at least one and at most `most_blocks`, in mm2
/// @param axis  along which the halves lie: 0 or 1
[[nodiscard]] constexpr floor floorplan(std::span<const double> areas, double bridge_pitch, int axis = 0) {
    if (areas.size() <= 1) {
        double sum = 0;
        for (const double a : areas) sum += a;
        const double side = square_root(sum / 2.0);
        return axis == 0 ? floor{2.0 * side, side, 0} : floor{side, 2.0 * side, 0};
    }
    std::array<double, most_blocks> sorted{}, halves[2]{};
    std::copy(areas.begin(), areas.end(), sorted.begin());
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(areas.size()));
    std::size_t count[2]{};
    double sums[2]{};
    for (std::size_t i = 0; i < areas.size(); ++i) {
        const std::size_t smaller = sums[1] < sums[0] ? 1 : 0;
        halves[smaller][count[smaller]++] = sorted[i];
        sums[smaller] += sorted[i];
    }
    const auto a = floorplan({halves[0].data(), count[0]}, bridge_pitch, 1 - axis),
               b = floorplan({halves[1].data(), count[1]}, bridge_pitch, 1 - axis);
    const double common = axis == 0 ? std::min(a.height, b.height) : std::min(a.width, b.width);
    const double edges = common / bridge_pitch, whole = static_cast<double>(static_cast<long long>(edges));
    const double bridges = a.bridges + b.bridges + (whole < edges ? whole + 1.0 : whole);
    if (axis == 0) return {a.width + b.width + 0.5, std::max(a.height, b.height), bridges};
    return {std::max(a.width, b.width), a.height + b.height + 0.5, bridges};
}

} // namespace verdant::carbon::detail
