#pragma once

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

/// Resizes pictures with Pillow's filters, pixel for pixel.
namespace verdant::io {

/// Filters of resampling: triangle (support 1), and Keys' cubic convolution with a = -0.5 (support 2; Keys, IEEE TASSP 1981).
enum class resampling : std::uint8_t { bilinear, bicubic };

namespace detail {

[[nodiscard]] inline double resampling_support(resampling filter) noexcept { return filter == resampling::bicubic ? 2 : 1; }

[[nodiscard]] inline double resampling_weight(resampling filter, double x) noexcept {
    x = std::abs(x);
    if (filter == resampling::bilinear) return x < 1 ? 1 - x : 0;
    constexpr double a = -0.5;
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

/// Fraction bits of the weights: 32 less 8 of the pixel and 2 for sums beyond 1 (Pillow, src/libImaging/Resample.c, PRECISION_BITS).
inline constexpr int weight_bits = 32 - 8 - 2;

/// For one axis: which input pixels make each output pixel, and with what fixed-point weights.
struct axis_weights {
    struct window {
        std::size_t first, count;
    };
    std::vector<window> windows;
    std::vector<std::int32_t> weights; ///< `stride` for each output pixel
    std::size_t stride = 0;
};

/// When the axis shrinks, the filter is widened by the factor, which is the anti-aliasing.
[[nodiscard]] inline axis_weights make_axis_weights(std::size_t from, std::size_t to, resampling filter) {
    const double scale = static_cast<double>(from) / static_cast<double>(to);
    const double widening = std::max(scale, 1.0);
    const double support = resampling_support(filter) * widening;
    axis_weights out;
    out.stride = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
    out.windows.reserve(to);
    out.weights.assign(out.stride * to, 0);
    std::vector<double> exact(out.stride);
    for (std::size_t i = 0; i < to; ++i) {
        const double center = (static_cast<double>(i) + 0.5) * scale;
        const auto first = static_cast<std::size_t>(std::max(center - support + 0.5, 0.0));
        const auto last = std::min(static_cast<std::size_t>(center + support + 0.5), from);
        double sum = 0;
        for (std::size_t x = first; x < last; ++x) {
            exact[x - first] = resampling_weight(filter, (static_cast<double>(x) - center + 0.5) * (1 / widening));
            sum += exact[x - first];
        }
        for (std::size_t x = first; x < last; ++x) {
            const double weight = (sum != 0 ? exact[x - first] / sum : exact[x - first]) * (1 << weight_bits);
            out.weights[i * out.stride + x - first] = static_cast<std::int32_t>(weight + (weight < 0 ? -0.5 : 0.5));
        }
        out.windows.push_back({first, last - first});
    }
    return out;
}

// Sums fit in 32 bits: weights add up to one, their magnitudes to less than 1.5, times 2^22 times 255.
[[nodiscard]] inline unsigned char rounded_pixel(std::int32_t sum) noexcept {
    return static_cast<unsigned char>(std::clamp(sum >> weight_bits, 0, 255));
}

inline constexpr std::int32_t one_half = 1 << (weight_bits - 1);

[[nodiscard]] inline rgb_image resample_rows(const rgb_image& image, const axis_weights& axis) {
    rgb_image out{axis.windows.size(), image.height()};
    for (std::size_t y = 0; y < image.height(); ++y)
        for (std::size_t i = 0; i < axis.windows.size(); ++i) {
            const auto [first, count] = axis.windows[i];
            const auto* const weight = axis.weights.data() + i * axis.stride;
            const auto* in = image.pixel(first, y);
            std::int32_t sum[3] = {one_half, one_half, one_half};
            for (std::size_t k = 0; k < count; ++k, in += 3)
                for (std::size_t channel = 0; channel < 3; ++channel) sum[channel] += weight[k] * in[channel];
            for (std::size_t channel = 0; channel < 3; ++channel) out.pixel(i, y)[channel] = rounded_pixel(sum[channel]);
        }
    return out;
}

[[nodiscard]] inline rgb_image resample_columns(const rgb_image& image, const axis_weights& axis) {
    const std::size_t row = 3 * image.width();
    rgb_image out{image.width(), axis.windows.size()};
    std::vector<std::int32_t> sums(row);
    for (std::size_t i = 0; i < axis.windows.size(); ++i) {
        const auto [first, count] = axis.windows[i];
        std::fill(sums.begin(), sums.end(), one_half);
        for (std::size_t k = 0; k < count; ++k) {
            const std::int32_t weight = axis.weights[i * axis.stride + k];
            const auto* const in = image.pixel(0, first + k);
            for (std::size_t b = 0; b < row; ++b) sums[b] += weight * in[b];
        }
        std::transform(sums.begin(), sums.end(), out.pixel(0, i), rounded_pixel);
    }
    return out;
}

} // namespace detail

/// Resizes a picture exactly as Pillow does for 8-bit pixels: with anti-aliasing, first along rows, then along columns, each rounded to 8 bits
/// with fixed-point weights. An axis that keeps its length is not filtered. Throws verdant::error for an empty picture or size.
template <class = instantiated_when_used>
[[nodiscard]] rgb_image resize(const rgb_image& image, std::size_t width, std::size_t height, resampling filter = resampling::bicubic) {
    if (image.width() == 0 || image.height() == 0 || width == 0 || height == 0) throw error{"an empty picture cannot be resized, nor to nothing"};
    const auto rows = width == image.width() ? image : detail::resample_rows(image, detail::make_axis_weights(image.width(), width, filter));
    return height == rows.height() ? rows : detail::resample_columns(rows, detail::make_axis_weights(rows.height(), height, filter));
}
VERDANT_DEFINED_ONCE(rgb_image resize<>(const rgb_image&, std::size_t, std::size_t, resampling));

} // namespace verdant::io
