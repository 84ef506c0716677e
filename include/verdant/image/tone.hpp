#pragma once

#include <verdant/image/colour_jitter.hpp>
#include <verdant/image/image.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

/// Tones of pictures changed number by number, as Pillow's ImageOps and ImageEnhance do, and sharpness.
namespace verdant::io {

namespace detail {

/// For each of three channels what a byte becomes.
using tone_table = std::array<std::array<unsigned char, 256>, 3>;

[[nodiscard]] inline rgb_image with_tones(rgb_image image, const tone_table& table) {
    const auto count = image.width() * image.height();
    auto* pixel = count == 0 ? nullptr : image.pixel(0, 0);
    for (std::size_t i = 0; i < count; ++i, pixel += 3)
        for (std::size_t c = 0; c < 3; ++c) pixel[c] = table[c][pixel[c]];
    return image;
}

/// The same for all channels. @param tone (0 to 255) -> a byte
template <class Tone>
[[nodiscard]] rgb_image with_tone(rgb_image image, const Tone& tone) {
    tone_table table{};
    for (int v = 0; v < 256; ++v) table[0][static_cast<std::size_t>(v)] = static_cast<unsigned char>(tone(v));
    table[1] = table[2] = table[0];
    return with_tones(std::move(image), table);
}

/// How often a channel has each value.
[[nodiscard]] inline std::array<std::array<std::uint64_t, 256>, 3> histograms(const rgb_image& image) {
    std::array<std::array<std::uint64_t, 256>, 3> out{};
    const auto count = image.width() * image.height();
    const auto* pixel = count == 0 ? nullptr : image.pixel(0, 0);
    for (std::size_t i = 0; i < count; ++i, pixel += 3)
        for (std::size_t c = 0; c < 3; ++c) ++out[c][pixel[c]];
    return out;
}

} // namespace detail

/// Every channel stretched from its least and greatest value to 0 and 255 (Pillow, ImageOps.autocontrast).
template <class = instantiated_when_used>
[[nodiscard]] rgb_image with_full_contrast(rgb_image image) {
    const auto counts = detail::histograms(image);
    detail::tone_table table{};
    for (std::size_t c = 0; c < 3; ++c) {
        int low = 0, high = 255;
        while (low < 255 && counts[c][static_cast<std::size_t>(low)] == 0) ++low;
        while (high > 0 && counts[c][static_cast<std::size_t>(high)] == 0) --high;
        const double scale = high > low ? 255.0 / (high - low) : 1, offset = high > low ? -low * scale : 0;
        for (int v = 0; v < 256; ++v)
            table[c][static_cast<std::size_t>(v)] = static_cast<unsigned char>(std::clamp(static_cast<int>(v * scale + offset), 0, 255));
    }
    return detail::with_tones(std::move(image), table);
}
VERDANT_DEFINED_ONCE(rgb_image with_full_contrast<>(rgb_image));

/// Every channel with a histogram as even as a change of its values can make it (Pillow, ImageOps.equalize).
template <class = instantiated_when_used>
[[nodiscard]] rgb_image equalized(rgb_image image) {
    const auto counts = detail::histograms(image);
    detail::tone_table table{};
    for (std::size_t c = 0; c < 3; ++c) {
        std::uint64_t all = 0, last = 0, values = 0;
        for (const auto n : counts[c])
            if (n > 0) all += n, last = n, ++values;
        const auto step = (all - last) / 255;
        std::uint64_t n = step / 2;
        for (std::size_t v = 0; v < 256; ++v) {
            table[c][v] = static_cast<unsigned char>(values < 2 || step == 0 ? v : std::min<std::uint64_t>(n / step, 255));
            n += counts[c][v];
        }
    }
    return detail::with_tones(std::move(image), table);
}
VERDANT_DEFINED_ONCE(rgb_image equalized<>(rgb_image));

/// The negative.
[[nodiscard]] inline rgb_image inverted(rgb_image image) {
    return detail::with_tone(std::move(image), [](int v) { return 255 - v; });
}

/// Only the highest bits of each byte. @param bits 0 to 8
[[nodiscard]] inline rgb_image posterized(rgb_image image, int bits) {
    const int mask = 0xff & ~((1 << (8 - bits)) - 1);
    return detail::with_tone(std::move(image), [mask](int v) { return v & mask; });
}

/// Bytes from the threshold on inverted. @param threshold 0 to 256
[[nodiscard]] inline rgb_image solarized(rgb_image image, int threshold) {
    return detail::with_tone(std::move(image), [threshold](int v) { return v < threshold ? v : 255 - v; });
}

/// So much added to bytes below the threshold.
[[nodiscard]] inline rgb_image with_shadows_raised(rgb_image image, int by, int threshold = 128) {
    return detail::with_tone(std::move(image), [=](int v) { return v < threshold ? std::clamp(v + by, 0, 255) : v; });
}

/// 0 gives the picture smoothed by a 3 x 3 filter whose middle weighs 5 and whose others weigh 1, 1 the picture, more a sharper one; the border stays
/// (Pillow, ImageEnhance.Sharpness). @pre factor >= 0
template <class = instantiated_when_used>
[[nodiscard]] rgb_image with_sharpness(rgb_image image, double factor) {
    const rgb_image before = image;
    for (std::size_t y = 1; y + 1 < before.height(); ++y)
        for (std::size_t x = 1; x + 1 < before.width(); ++x)
            for (std::size_t c = 0; c < 3; ++c) {
                int sum = 4 * before.pixel(x, y)[c];
                for (std::size_t v = y - 1; v <= y + 1; ++v)
                    for (std::size_t u = x - 1; u <= x + 1; ++u) sum += before.pixel(u, v)[c];
                const auto smooth = static_cast<unsigned char>(sum / 13.0 + 0.5);
                image.pixel(x, y)[c] = detail::blended(smooth, before.pixel(x, y)[c], static_cast<float>(factor));
            }
    return image;
}
VERDANT_DEFINED_ONCE(rgb_image with_sharpness<>(rgb_image, double));

} // namespace verdant::io
