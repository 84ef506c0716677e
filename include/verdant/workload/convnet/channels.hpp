#pragma once

#include <verdant/error.hpp>

/// Numbers of channels, rounded to multiples as the originals do.
namespace verdant::workload {

/// The nearest integer, halves to the even one, as Python's `round`; for |value| < 2^31.
[[nodiscard]] constexpr int round_half_even(double value) {
    const int whole = static_cast<int>(value); // towards zero
    const double rest = value - whole;
    if (rest > 0.5 || (rest == 0.5 && whole % 2 != 0)) return whole + 1;
    if (rest < -0.5 || (rest == -0.5 && whole % 2 != 0)) return whole - 1;
    return whole;
}

/// A channel count made a multiple of `divisor`: the nearest one, at least `divisor`, and the next where that would lose more than a tenth
/// (once-for-all, ofa/utils/pytorch_modules.py).
[[nodiscard]] constexpr int make_divisible(double value, int divisor = 8) {
    int n = static_cast<int>(value + divisor / 2.0) / divisor * divisor;
    if (n < divisor) n = divisor;
    return n < 0.9 * value ? n + divisor : n;
}

/// Channels between the two 1x1 convolutions of an inverted bottleneck: `make_divisible(round(in * expand))` (once-for-all,
/// elastic_nn/modules/dynamic_layers.py).
[[nodiscard]] constexpr int mid_channels(int in, double expand) { return make_divisible(round_half_even(in * expand)); }

/// Channels inside squeeze-and-excitation of `channels` channels.
[[nodiscard]] constexpr int squeezed_channels(int channels) { return make_divisible(channels / 4); } // NOLINT(bugprone-integer-division): floors

/// Side of the map after a convolution with `kernel / 2` padding.
[[nodiscard]] constexpr int strided(int side, int stride) { return (side - 1) / stride + 1; }

/// The square root of a finite number that is not negative, to one unit in the last place, the same at compile time and at run time.
/// @throws error for another number
[[nodiscard]] constexpr double square_root(double x) {
    if (!(x >= 0.0) || x > 1.7976931348623157e308) throw error{"the square root needs a finite number that is not negative"};
    if (x == 0.0) return 0.0;
    double scale = 1.0;
    while (x >= 4.0) {
        x *= 0.25;
        scale *= 2.0;
    }
    while (x < 1.0) {
        x *= 4.0;
        scale *= 0.5;
    }
    double root = 0.5 * (1.0 + x);
    for (int i = 0; i < 6; ++i) root = 0.5 * (root + x / root); // from within a quarter, five steps of doubled digits are enough
    return root * scale;
}

} // namespace verdant::workload
