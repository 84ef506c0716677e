#pragma once

#include <verdant/error.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/image/colour_jitter.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/image/rand_augment.hpp>
#include <verdant/image/random_crop.hpp>
#include <verdant/image/random_erasing.hpp>
#include <verdant/image/resample.hpp>
#include <verdant/random/stream.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace verdant::io {

/// How long trainings change their images: a random part, resized by one of two filters that is drawn for each image, mirrored, RandAugment, colours,
/// normalised, and a part erased. The defaults are those with which Accel-NASBench trains what its searches find on graphics cards
/// (ANB-DatasetCollection, torchvision_dataloader.py and conf_local_exact.cfg).
struct strong_augmentation {
    random_crop crop{.smallest = 0.08, .largest = 1};
    double flip = 0.5;
    rand_augmentation changes{};
    colour_jitter colours{.brightness = 0.4, .contrast = 0.4, .saturation = 0.4, .probability = 1};
    random_erasing erasing{};
    channel_statistics statistics = imagenet_statistics;

    /// @return 3 x side x side numbers, channel by channel @throws error for an empty picture
    [[nodiscard]] std::vector<float> operator()(const rgb_image& image, random_stream& draws, std::size_t side) const {
        if (image.width() == 0 || image.height() == 0) throw error{"an empty picture cannot be augmented"};
        const auto box = draw_crop(image.width(), image.height(), draws, crop);
        auto part = resize(io::crop(image, box), side, side, draws.chance(0.5) ? resampling::bilinear : resampling::bicubic);
        if (draws.chance(flip)) part = mirrored(std::move(part));
        part = rand_augmented(std::move(part), draws, changes);
        auto numbers = normalised(jitter_colours(std::move(part), draws, colours), statistics);
        erase_randomly(numbers, side, side, draws, erasing);
        return numbers;
    }
};

/// @throws input_error for an option that cannot be
inline void check(const strong_augmentation& a) {
    check(augmentation{.crop = a.crop, .flip = a.flip, .colours = a.colours, .statistics = a.statistics});
    check(a.changes);
    check(a.erasing);
}

} // namespace verdant::io
