#pragma once

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/resample.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// How a picture becomes the input of a network: resized, cropped and normalised.
namespace verdant::io {

/// How a picture is brought to a square, by the names of OpenCLIP (`open_clip: src/open_clip/transform.py`): `shortest` scales the shorter
/// side to the size and crops the centre; `longest` scales the longer side and pads with black; `squash` scales both.
enum class resize_mode : std::uint8_t { shortest, longest, squash };

/// Mean and standard deviation of the channels, of pixels in [0, 1].
struct channel_statistics {
    std::array<float, 3> mean, deviation;
};

/// Of CLIP's training set (Radford et al., ICML 2021; `open_clip: src/open_clip/constants.py`).
inline constexpr channel_statistics clip_statistics{{0.48145466F, 0.4578275F, 0.40821073F}, {0.26862954F, 0.26130258F, 0.27577711F}};
/// Of ImageNet, the same source.
inline constexpr channel_statistics imagenet_statistics{{0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}};
/// Of the Inception models, the same source.
inline constexpr channel_statistics inception_statistics{{0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}};

/// @throws input_error for a deviation that is not above 0, by which all would be infinite, or no number, and for such a mean
template <class = instantiated_when_used>
void check(const channel_statistics& s) {
    for (std::size_t c = 0; c < 3; ++c) {
        const auto refuse = [c](const char* what, const char* expected, float found) {
            throw input_error{"statistics of channels", what + std::string{" of channel "} + std::to_string(c), expected,
                              exact_text(static_cast<double>(found))};
        };
        if (!std::isfinite(s.mean[c])) refuse("mean", "a finite number", s.mean[c]);
        if (!(s.deviation[c] > 0 && std::isfinite(s.deviation[c]))) refuse("deviation", "a finite number above 0", s.deviation[c]);
    }
}
VERDANT_DEFINED_ONCE(void check<>(const channel_statistics&));

/// How pictures become the input of a model: side, mean and deviation of the channels, and how they are resized.
struct preprocessing {
    std::size_t size = 224; ///< pixels of a side, as in all models of section 4.1 of CarbonNAAS
    resize_mode mode = resize_mode::shortest;
    resampling filter = resampling::bicubic;
    channel_statistics statistics = clip_statistics;
};

namespace detail {

/// Rounds halves to even, as Python does.
[[nodiscard]] inline std::size_t round_half_even(double value) noexcept {
    const double down = std::floor(value), rest = value - down;
    const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(down, 2) != 0);
    return static_cast<std::size_t>(down + (up ? 1 : 0));
}

/// Cuts `size` pixels out of the middle; what lies outside of the picture is black.
[[nodiscard]] inline rgb_image center_crop(const rgb_image& image, std::size_t width, std::size_t height) {
    struct placement {
        std::size_t from, to, count;
    };
    const auto place = [](std::size_t have, std::size_t want) -> placement {
        if (have < want) return {0, (want - have) / 2, have};
        return {round_half_even(static_cast<double>(have - want) / 2), 0, want};
    };
    const auto x = place(image.width(), width), y = place(image.height(), height);
    rgb_image out{width, height};
    for (std::size_t row = 0; row < y.count; ++row) {
        const auto* in = image.pixel(x.from, y.from + row);
        std::copy(in, in + 3 * x.count, out.pixel(x.to, y.to + row));
    }
    return out;
}

} // namespace detail

/// Brings a picture to `size` x `size` pixels. Throws verdant::error for an empty picture, a size of 0, or sides whose ratio exceeds 1000.
template <class = instantiated_when_used>
[[nodiscard]] rgb_image to_square(const rgb_image& image, const preprocessing& how = {}) {
    const auto width = image.width(), height = image.height();
    if (width == 0 || height == 0 || how.size == 0) throw error{"an empty picture cannot be preprocessed, nor to nothing"};
    const auto longer = std::max(width, height), shorter = std::min(width, height);
    if (longer / shorter > 1000)
        throw error{"the sides of a picture of " + std::to_string(width) + " x " + std::to_string(height) + " differ too much"};
    if (how.mode == resize_mode::squash) return resize(image, how.size, how.size, how.filter);
    std::size_t new_width = how.size, new_height = how.size;
    if (how.mode == resize_mode::shortest) {
        const auto long_side = static_cast<std::size_t>(static_cast<double>(how.size) * static_cast<double>(longer) / static_cast<double>(shorter));
        (width < height ? new_height : new_width) = long_side;
    } else {
        const double ratio = static_cast<double>(longer) / static_cast<double>(how.size);
        new_width = std::max<std::size_t>(1, detail::round_half_even(static_cast<double>(width) / ratio));
        new_height = std::max<std::size_t>(1, detail::round_half_even(static_cast<double>(height) / ratio));
    }
    return detail::center_crop(resize(image, new_width, new_height, how.filter), how.size, how.size);
}
VERDANT_DEFINED_ONCE(rgb_image to_square<>(const rgb_image&, const preprocessing&));

/// A square picture as an image tower takes it: scaled to [0, 1], less the mean, divided by the deviation; 3 x width x height numbers, channel by
/// channel, row by row. In single precision and in the order of operations of torchvision. @throws input_error for statistics that `check` refuses
template <class = instantiated_when_used>
[[nodiscard]] std::vector<float> normalised(const rgb_image& image, const channel_statistics& statistics = clip_statistics) {
    check(statistics);
    const std::size_t plane = image.width() * image.height();
    std::vector<float> out(3 * plane);
    for (std::size_t channel = 0; channel < 3; ++channel) {
        std::array<float, 256> value{};
        for (std::size_t v = 0; v < 256; ++v) value[v] = (static_cast<float>(v) / 255.0F - statistics.mean[channel]) / statistics.deviation[channel];
        for (std::size_t i = 0; i < plane; ++i) out[channel * plane + i] = value[image.pixels()[3 * i + channel]];
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<float> normalised<>(const rgb_image&, const channel_statistics&));

/// What an image tower takes: the picture as a square, normalised; 3 x size x size numbers.
[[nodiscard]] inline std::vector<float> preprocess(const rgb_image& image, const preprocessing& how = {}) {
    return normalised(to_square(image, how), how.statistics);
}

} // namespace verdant::io
