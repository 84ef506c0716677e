#pragma once

#include <verdant/error.hpp>
#include <verdant/image/colour_jitter.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/image/random_crop.hpp>
#include <verdant/image/resample.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How pictures are changed for training: crops, mirror images, colours.
namespace verdant::io {

/// The change of colours that Once-for-all names "tf" (imagenet.py, build_train_transform).
inline constexpr colour_jitter tf_colours{.brightness = 32.0 / 255.0, .saturation = 0.5, .probability = 1};
/// The one it names "torch".
inline constexpr colour_jitter torch_colours{.brightness = 0.4, .contrast = 0.4, .saturation = 0.4, .hue = 0.1, .probability = 1};

/// By its name in configuration files: `tf`, `torch` or `None`. @throws input_error for another one
[[nodiscard]] inline colour_jitter colours_named(std::string_view name) {
    if (name == "tf") return tf_colours;
    if (name == "torch") return torch_colours;
    if (name == "None" || name == "none") return {};
    throw input_error{"augmentation", "distort_color", "tf, torch or None", "'" + std::string{name} + "'"};
}

/// How images are changed in training. The defaults are those of Once-for-all and MOOFA (data_providers/imagenet.py).
struct augmentation {
    random_crop crop{.smallest = 0.08, .largest = 1};
    double flip = 0.5; ///< probability that left and right are exchanged
    colour_jitter colours = tf_colours;
    channel_statistics statistics = imagenet_statistics;
};

/// @throws input_error for probabilities or parts outside of [0, 1], or an invalid colour jitter or statistics
inline void check(const augmentation& a) {
    const auto within = [](const char* what, double value, double least, double most) {
        if (!(value >= least && value <= most))
            throw input_error{"augmentation", what, "a number from " + std::to_string(least) + " to " + std::to_string(most), std::to_string(value)};
    };
    within("flip", a.flip, 0, 1);
    check(a.crop);
    check(a.colours);
    check(a.statistics);
}

/// Left and right exchanged.
[[nodiscard]] inline rgb_image mirrored(rgb_image image) {
    for (std::size_t y = 0; y < image.height(); ++y)
        for (std::size_t x = 0; x < image.width() / 2; ++x)
            std::swap_ranges(image.pixel(x, y), image.pixel(x, y) + 3, image.pixel(image.width() - 1 - x, y));
    return image;
}

/// A training image: a random part, resized bilinearly, perhaps mirrored and with other colours, normalised.
/// @return 3 x side x side numbers, channel by channel @throws error for an empty picture
template <class = instantiated_when_used>
[[nodiscard]] std::vector<float> augmented(const rgb_image& image, random_stream& draws, std::size_t side, const augmentation& how = {}) {
    if (image.width() == 0 || image.height() == 0) throw error{"an empty picture cannot be augmented"};
    auto part = resize(crop(image, draw_crop(image.width(), image.height(), draws, how.crop)), side, side, resampling::bilinear);
    if (draws.chance(how.flip)) part = mirrored(std::move(part));
    return normalised(jitter_colours(std::move(part), draws, how.colours), how.statistics);
}
VERDANT_DEFINED_ONCE(std::vector<float> augmented<>(const rgb_image&, random_stream&, std::size_t, const augmentation&));

/// An image as it is judged: the shorter side resized bilinearly to `side` / 0.875, rounded up, and the centre cropped, normalised
/// (Once-for-all, data_providers/imagenet.py, build_valid_transform).
/// @return 3 x side x side numbers, channel by channel @throws error for an empty picture or one whose sides differ 1000 times
template <class = instantiated_when_used>
[[nodiscard]] std::vector<float> centred(const rgb_image& image, std::size_t side, const channel_statistics& statistics = imagenet_statistics) {
    const auto width = image.width(), height = image.height();
    if (width == 0 || height == 0 || side == 0) throw error{"an empty picture cannot be preprocessed, nor to nothing"};
    const auto longer = std::max(width, height), shorter = std::min(width, height);
    if (longer / shorter > 1000)
        throw error{"the sides of a picture of " + std::to_string(width) + " x " + std::to_string(height) + " differ too much"};
    const auto resized = static_cast<std::size_t>(std::ceil(static_cast<double>(side) / 0.875));
    const auto long_side = static_cast<std::size_t>(static_cast<double>(resized) * static_cast<double>(longer) / static_cast<double>(shorter));
    const auto scaled =
        width < height ? resize(image, resized, long_side, resampling::bilinear) : resize(image, long_side, resized, resampling::bilinear);
    return normalised(detail::center_crop(scaled, side, side), statistics);
}
VERDANT_DEFINED_ONCE(std::vector<float> centred<>(const rgb_image&, std::size_t, const channel_statistics&));

} // namespace verdant::io
