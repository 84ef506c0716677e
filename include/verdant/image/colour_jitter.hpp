#pragma once

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace verdant::io {

/// How colours are changed in training: brightness, contrast, saturation and hue with one probability, and all colour taken away with another. The
/// defaults are OpenCLIP's: nothing changes (`open_clip: src/open_clip/transform.py`, `color_jitter`, `color_jitter_prob`, `gray_scale_prob`).
struct colour_jitter {
    double brightness = 0; ///< the factor is drawn from [1 - brightness, 1 + brightness], but not below 0
    double contrast = 0;   ///< likewise
    double saturation = 0; ///< likewise
    double hue = 0;        ///< turns of the colour circle, drawn from [-hue, hue]; at most 0.5
    double probability = 0;
    double gray_probability = 0;
};

/// @throws input_error for strengths below 0, a hue above 0.5, or probabilities outside of [0, 1]
inline void check(const colour_jitter& j) {
    const auto within = [](const char* what, double value, double most) {
        if (!(value >= 0 && value <= most))
            throw input_error{"colour jitter", what, "a number from 0 to " + std::to_string(most), std::to_string(value)};
    };
    within("brightness", j.brightness, 1e6);
    within("contrast", j.contrast, 1e6);
    within("saturation", j.saturation, 1e6);
    within("hue", j.hue, 0.5);
    within("probability", j.probability, 1);
    within("probability of grey", j.gray_probability, 1);
}

namespace detail {

/// Luma of ITU-R BT.601 in fixed point with 16 binary places, as Pillow's mode "L" has it.
[[nodiscard]] constexpr unsigned char luma(const unsigned char* rgb) noexcept {
    return static_cast<unsigned char>((19595U * rgb[0] + 38470U * rgb[1] + 7471U * rgb[2] + 0x8000U) >> 16);
}

/// From `base` at factor 0 through `value` at factor 1 and beyond; cut to 8 bits, fractions dropped, as Pillow blends.
[[nodiscard]] inline unsigned char blended(unsigned char base, unsigned char value, float factor) noexcept {
    const float mixed = static_cast<float>(base) + factor * static_cast<float>(static_cast<int>(value) - static_cast<int>(base));
    return static_cast<unsigned char>(std::clamp(mixed, 0.0F, 255.0F));
}

} // namespace detail

/// Every pixel replaced by its luma.
[[nodiscard]] inline rgb_image grayscale(rgb_image image) {
    const auto count = image.width() * image.height();
    auto* pixel = count == 0 ? nullptr : image.pixel(0, 0);
    for (std::size_t i = 0; i < count; ++i, pixel += 3) std::fill_n(pixel, 3, detail::luma(pixel));
    return image;
}

/// 0 gives black, 1 the picture, more a brighter one. @pre factor >= 0
[[nodiscard]] inline rgb_image with_brightness(rgb_image image, double factor) {
    const auto count = 3 * image.width() * image.height();
    auto* const bytes = count == 0 ? nullptr : image.pixel(0, 0);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = detail::blended(0, bytes[i], static_cast<float>(factor));
    return image;
}

/// 0 gives the grey of the picture's mean luma, 1 the picture. @pre factor >= 0
[[nodiscard]] inline rgb_image with_contrast(rgb_image image, double factor) {
    const auto count = image.width() * image.height();
    if (count == 0) return image;
    auto* const bytes = image.pixel(0, 0);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += detail::luma(bytes + 3 * i);
    const auto mean = static_cast<unsigned char>(static_cast<double>(sum) / static_cast<double>(count) + 0.5);
    for (std::size_t i = 0; i < 3 * count; ++i) bytes[i] = detail::blended(mean, bytes[i], static_cast<float>(factor));
    return image;
}

/// 0 gives the picture without colour, 1 the picture. @pre factor >= 0
[[nodiscard]] inline rgb_image with_saturation(rgb_image image, double factor) {
    const auto count = image.width() * image.height();
    auto* pixel = count == 0 ? nullptr : image.pixel(0, 0);
    for (std::size_t i = 0; i < count; ++i, pixel += 3) {
        const auto gray = detail::luma(pixel);
        for (std::size_t c = 0; c < 3; ++c) pixel[c] = detail::blended(gray, pixel[c], static_cast<float>(factor));
    }
    return image;
}

/// All hues turned by a part of the colour circle, whose 256 steps are those of Pillow's mode "HSV"; saturation and value stay.
/// @param turn from -0.5 to 0.5
[[nodiscard]] inline rgb_image with_hue(rgb_image image, double turn) {
    const auto count = image.width() * image.height();
    auto* pixel = count == 0 ? nullptr : image.pixel(0, 0);
    const auto byte = [](double v) { return static_cast<unsigned char>(std::clamp(v, 0.0, 255.0)); };
    const int shift = static_cast<int>(turn * 255);
    for (std::size_t i = 0; i < count; ++i, pixel += 3) {
        const int high = std::max({pixel[0], pixel[1], pixel[2]}), low = std::min({pixel[0], pixel[1], pixel[2]}), range = high - low;
        if (range == 0) continue;
        // Sixths of the circle from red; each channel that is the highest has its own third. Single precision where Pillow has it, since 8 bits
        // are cut, not rounded.
        const auto gap = [&](std::size_t of, std::size_t from) { return static_cast<float>(pixel[of] - pixel[from]) / static_cast<float>(range); };
        const float sixths = high == pixel[0] ? gap(1, 2) : high == pixel[1] ? 2 + gap(2, 0) : 4 + gap(0, 1);
        const auto circle = static_cast<float>(std::fmod(static_cast<double>(sixths) / 6 + 1, 1.0));
        const unsigned hue = (byte(255.0 * static_cast<double>(circle)) + static_cast<unsigned>(shift + 256)) % 256;
        const double saturation = byte(255.0 * range / high) / 255.0, position = hue * 6.0 / 255.0, within = position - std::floor(position);
        const auto value = static_cast<unsigned char>(high);
        const auto dimmed = [&](double part) { return byte(std::round(high * (1 - saturation * part))); };
        const unsigned char least = dimmed(1), falling = dimmed(within), rising = dimmed(1 - within);
        const std::array<std::array<unsigned char, 3>, 6> sectors{{{value, rising, least},
                                                                   {falling, value, least},
                                                                   {least, value, rising},
                                                                   {least, falling, value},
                                                                   {rising, least, value},
                                                                   {value, least, falling}}};
        const auto& colour = sectors[static_cast<std::size_t>(position) % 6];
        std::copy(colour.begin(), colour.end(), pixel);
    }
    return image;
}

/// The picture as `how` and the draws change it: the four changes in a random order, as torchvision's ColorJitter makes them, then the loss of
/// colour. Draws are taken for what has a probability above 0 alone. @throws input_error, see `check`
template <class = instantiated_when_used>
[[nodiscard]] rgb_image jitter_colours(rgb_image image, random_stream& draws, const colour_jitter& how) {
    check(how);
    if (how.probability > 0 && draws.chance(how.probability)) {
        std::array<int, 4> order{0, 1, 2, 3};
        draws.shuffle(std::span<int>{order});
        const auto factor = [&draws](double strength) { return draws.uniform(std::max(0.0, 1 - strength), 1 + strength); };
        for (const int change : order) {
            if (change == 0 && how.brightness > 0) image = with_brightness(std::move(image), factor(how.brightness));
            if (change == 1 && how.contrast > 0) image = with_contrast(std::move(image), factor(how.contrast));
            if (change == 2 && how.saturation > 0) image = with_saturation(std::move(image), factor(how.saturation));
            if (change == 3 && how.hue > 0) image = with_hue(std::move(image), draws.uniform(-how.hue, how.hue));
        }
    }
    if (how.gray_probability > 0 && draws.chance(how.gray_probability)) image = grayscale(std::move(image));
    return image;
}
VERDANT_DEFINED_ONCE(rgb_image jitter_colours<>(rgb_image, random_stream&, const colour_jitter&));

} // namespace verdant::io
