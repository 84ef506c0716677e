#pragma once

#include <verdant/error.hpp>
#include <verdant/image/colour_jitter.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/image/resample.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

/// Random crops of pictures, resized.
namespace verdant::io {

/// A rectangle of pixels.
struct crop_box {
    std::size_t x = 0, y = 0, width = 0, height = 0;
    friend constexpr bool operator==(const crop_box&, const crop_box&) = default;
};

/// Which part of a picture is seen in training. The defaults are OpenCLIP's (`open_clip: src/open_clip/transform.py`).
struct random_crop {
    double smallest = 0.9, largest = 1.0;         ///< share of the picture's area
    double narrowest = 3.0 / 4, widest = 4.0 / 3; ///< width over height
};

/// @throws input_error for parts outside of [0, 1], or aspects that are not positive and growing
template <class = instantiated_when_used>
void check(const random_crop& c) {
    const auto within = [](const char* what, double value, double least, double most) {
        if (!(value >= least && value <= most))
            throw input_error{"random crop", what, "a number from " + exact_text(least) + " to " + exact_text(most), exact_text(value)};
    };
    within("largest part", c.largest, 0, 1);
    within("smallest part", c.smallest, 0, c.largest);
    within("narrowest aspect", c.narrowest, 1e-3, 1e3);
    within("widest aspect", c.widest, c.narrowest, 1e3);
}
VERDANT_DEFINED_ONCE(void check<>(const random_crop&));

/// The pixels of a rectangle that lies in the picture. Throws verdant::error otherwise.
[[nodiscard]] inline rgb_image crop(const rgb_image& image, const crop_box& box) {
    if (box.width == 0 || box.height == 0 || box.width > image.width() || box.x > image.width() - box.width || box.height > image.height() ||
        box.y > image.height() - box.height)
        throw error{"a picture of " + std::to_string(image.width()) + " x " + std::to_string(image.height()) + " pixels has no such part"};
    rgb_image out{box.width, box.height};
    for (std::size_t row = 0; row < box.height; ++row) {
        const auto* const in = image.pixel(box.x, box.y + row);
        std::copy(in, in + 3 * box.width, out.pixel(0, row));
    }
    return out;
}

/// A part of a picture of random area, aspect (uniform in its logarithm) and place, as torchvision's RandomResizedCrop draws it: ten tries to find
/// one that fits, then the largest middle part whose aspect is allowed. @throws input_error for parts that `check` refuses
template <class = instantiated_when_used>
[[nodiscard]] crop_box draw_crop(std::size_t width, std::size_t height, random_stream& draws, const random_crop& how = {}) {
    check(how);
    const double w = static_cast<double>(width), h = static_cast<double>(height);
    for (int attempt = 0; attempt < 10; ++attempt) {
        const double area = w * h * draws.uniform(how.smallest, how.largest);
        const double aspect = std::exp(draws.uniform(std::log(how.narrowest), std::log(how.widest)));
        const auto part_width = detail::round_half_even(std::sqrt(area * aspect)), part_height = detail::round_half_even(std::sqrt(area / aspect));
        if (part_width == 0 || part_height == 0 || part_width > width || part_height > height) continue;
        const auto y = static_cast<std::size_t>(draws.below(height - part_height + 1)),
                   x = static_cast<std::size_t>(draws.below(width - part_width + 1));
        return {x, y, part_width, part_height};
    }
    crop_box box{0, 0, width, height};
    if (w / h < how.narrowest) box.height = std::max<std::size_t>(1, detail::round_half_even(w / how.narrowest));
    else if (w / h > how.widest) box.width = std::max<std::size_t>(1, detail::round_half_even(h * how.widest));
    box.x = (width - box.width) / 2;
    box.y = (height - box.height) / 2;
    return box;
}
VERDANT_DEFINED_ONCE(crop_box draw_crop<>(std::size_t, std::size_t, random_stream&, const random_crop&));

/// What an image tower takes in training: a random part of the picture, brought to the size, perhaps with other colours, normalised; as `preprocess`
/// gives it. `how.mode` does not matter. Throws verdant::error for an empty picture, input_error for an invalid jitter.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<float> augment(const rgb_image& image, random_stream& draws, preprocessing how = {}, const random_crop& part = {},
                                         const colour_jitter& colours = {}) {
    if (image.width() == 0 || image.height() == 0) throw error{"an empty picture cannot be augmented"};
    how.mode = resize_mode::squash;
    auto square = to_square(crop(image, draw_crop(image.width(), image.height(), draws, part)), how);
    return normalised(jitter_colours(std::move(square), draws, colours), how.statistics);
}
VERDANT_DEFINED_ONCE(std::vector<float> augment<>(const rgb_image&, random_stream&, preprocessing, const random_crop&, const colour_jitter&));

} // namespace verdant::io
