#pragma once

#include <verdant/image/image.hpp>
#include <verdant/image/resample.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

/// Pictures turned, sheared and moved within their frame.
namespace verdant::io {

/// Where a pixel comes from: the middle (x, y) of an output pixel from (a x + b y + c, d x + e y + f) of the input, as Pillow's Image.transform has
/// it.
struct affine_map {
    double a = 1, b = 0, c = 0, d = 0, e = 1, f = 0;

    /// Turned against the clock about the middle of a picture.
    [[nodiscard]] static affine_map turned(double degrees, std::size_t width, std::size_t height) {
        const double angle = -degrees * std::numbers::pi / 180, cosine = std::cos(angle), sine = std::sin(angle);
        const double x = static_cast<double>(width) / 2, y = static_cast<double>(height) / 2;
        return {cosine, sine, x - cosine * x - sine * y, -sine, cosine, y + sine * x - cosine * y};
    }
    [[nodiscard]] static constexpr affine_map sheared_x(double factor) { return {1, factor, 0, 0, 1, 0}; }
    [[nodiscard]] static constexpr affine_map sheared_y(double factor) { return {1, 0, 0, factor, 1, 0}; }
    /// The picture moves to the left and up by so many pixels.
    [[nodiscard]] static constexpr affine_map moved(double x, double y) { return {1, 0, x, 0, 1, y}; }
};

namespace detail {

/// A number of four neighbours on a line, `t` of the way from the second to the third (Keys' cubic convolution with a = -1).
[[nodiscard]] inline double cubic_between(const std::array<double, 4>& v, double t) {
    return v[1] + t * (v[2] - v[0] + t * (2 * (v[0] - v[1]) + v[2] - v[3] + t * (v[1] - v[0] + v[3] - v[2])));
}

/// The channel of a picture at a place between pixels; neighbours outside of the picture are those at its border.
[[nodiscard]] inline unsigned char interpolated(const rgb_image& image, double x, double y, std::size_t channel, resampling filter) {
    const double left = std::floor(x - 0.5), top = std::floor(y - 0.5), right = x - 0.5 - left, down = y - 0.5 - top;
    const auto at = [&](double column, double row) -> double {
        const auto u = static_cast<std::size_t>(std::clamp(column, 0.0, static_cast<double>(image.width() - 1)));
        const auto v = static_cast<std::size_t>(std::clamp(row, 0.0, static_cast<double>(image.height() - 1)));
        return image.pixel(u, v)[channel];
    };
    if (filter == resampling::bilinear) {
        const auto across = [&](double row) { return at(left, row) + right * (at(left + 1, row) - at(left, row)); };
        return static_cast<unsigned char>(std::clamp(across(top) + down * (across(top + 1) - across(top)), 0.0, 255.0));
    }
    const auto across = [&](double row) { return cubic_between({at(left - 1, row), at(left, row), at(left + 1, row), at(left + 2, row)}, right); };
    return static_cast<unsigned char>(std::clamp(cubic_between({across(top - 1), across(top), across(top + 1), across(top + 2)}, down), 0.0, 255.0));
}

} // namespace detail

/// A picture of the same size whose pixels come from where the map says; those from outside of the picture are of the colour `fill`.
template <class = instantiated_when_used>
[[nodiscard]] rgb_image transformed(const rgb_image& image, const affine_map& map, resampling filter = resampling::bilinear,
                                    const std::array<unsigned char, 3>& fill = {0, 0, 0}) {
    rgb_image out{image.width(), image.height()};
    for (std::size_t row = 0; row < out.height(); ++row)
        for (std::size_t column = 0; column < out.width(); ++column) {
            const double u = static_cast<double>(column) + 0.5, v = static_cast<double>(row) + 0.5;
            const double x = map.a * u + map.b * v + map.c, y = map.d * u + map.e * v + map.f;
            const bool inside = x >= 0 && y >= 0 && x < static_cast<double>(image.width()) && y < static_cast<double>(image.height());
            for (std::size_t c = 0; c < 3; ++c) out.pixel(column, row)[c] = inside ? detail::interpolated(image, x, y, c, filter) : fill[c];
        }
    return out;
}
VERDANT_DEFINED_ONCE(rgb_image transformed<>(const rgb_image&, const affine_map&, resampling, const std::array<unsigned char, 3>&));

} // namespace verdant::io
