#pragma once

#include <verdant/workload/convnet/channels.hpp>

#include <array>

/// The recurrence by which MOOFA's widths keep peak memory constant.
namespace verdant::spaces {

/// The reference of the constant-memory recurrence.
struct memory_reference {
    int side = 56;      ///< of the map after the first elastic stage: a quarter of the image's
    int width = 24;     ///< channels of that stage
    double expand = 4;  ///< reference expansion
    int kernel = 7;     ///< reference kernel

    friend constexpr bool operator==(const memory_reference&, const memory_reference&) = default;
};

/// Elements in use while the depthwise convolution of an expanded block runs: input, output and weights.
[[nodiscard]] constexpr double depthwise_memory(const memory_reference& r, double side, double width) {
    return 2 * r.expand * width * side * side + r.kernel * r.kernel * r.expand * width;
}
/// The same for its 1x1 expansion.
[[nodiscard]] constexpr double expansion_memory(const memory_reference& r, double side, double width) {
    return width * side * side + r.expand * width * width + r.expand * width * side * side;
}

/// The width whose layers at half the resolution need as much memory as those of `width` at `side`, not yet divisible (MOOFA, section 3 of its
/// paper: equal depthwise and expansion memory, the smaller of both).
[[nodiscard]] constexpr double next_width(const memory_reference& r, double side, double width) {
    const double depthwise = depthwise_memory(r, side, width), expansion = expansion_memory(r, side, width);
    const double area = side * side, b = area / 4 + r.expand * area / 4;
    const auto same_expansion = [&](double memory) { return (-b + workload::square_root(b * b + 4 * r.expand * memory)) / (2 * r.expand); };
    if (!(depthwise > expansion)) return same_expansion(expansion);
    const double k2 = r.kernel * r.kernel;
    const double same_depthwise = 2 * width * (area + k2) / (area / 2 + k2);
    const double other = same_expansion(depthwise);
    return same_depthwise < other ? same_depthwise : other;
}

/// The widths after the first elastic stage when each halves the resolution and keeps the memory: four stages, final expansion, feature mix.
[[nodiscard]] constexpr std::array<int, 6> constant_memory_widths(const memory_reference& r = {}) {
    std::array<int, 6> widths{};
    double side = r.side, width = r.width;
    for (int& w : widths) {
        w = workload::make_divisible(next_width(r, side, width));
        width = w;
        side /= 2;
    }
    return widths;
}

static_assert(constant_memory_widths() == std::array{96, 288, 360, 384, 392, 392}); // the published table

} // namespace verdant::spaces
