// The images of moofa_fashion, and how sub-networks are judged with them.
#pragma once

#include "options.hpp"

#include <verdant/data/images/image_set.hpp>
#include <verdant/data/images/mnist_images.hpp>
#include <verdant/error.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/nn/batches/held_out.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/supernet/judge.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace moofa_fashion {

namespace vd = verdant;
namespace nn = verdant::nn;

inline constexpr std::int64_t batch = 64;

/// Of the pixels of the 28 x 28 training images.
inline constexpr vd::io::channel_statistics fashion_statistics{{0.286F, 0.286F, 0.286F}, {0.353F, 0.353F, 0.353F}};
inline const vd::io::augmentation fashion_augmentation{
    .crop = {.smallest = 0.6, .largest = 1}, .flip = 0.5, .colours = {}, .statistics = fashion_statistics};

using images = nn::image_subset<vd::io::mnist_images>;

struct data_sets {
    images train, validation, calibration, test;
};

inline images first_of(const vd::io::mnist_images& set, const std::vector<std::int64_t>& rows, std::size_t count) {
    return {set, {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(count, rows.size()))}};
}

inline data_sets read_data(const settings& s) {
    // [data]
    const auto all = vd::io::mnist_images::train(s.data), test = vd::io::mnist_images::test(s.data); // 32 x 32, RGB
    const auto rows = nn::hold_out(all.size(), s.validation); // the published permutation
    // [/data]
    if (const auto left = std::min(s.images, rows.train.size()); left < static_cast<std::size_t>(batch))
        throw vd::input_error{s.data, "training images", "at least " + std::to_string(batch) + ", a batch", std::to_string(left)};
    std::vector<std::int64_t> in_order(test.size());
    for (std::size_t i = 0; i < in_order.size(); ++i) in_order[i] = static_cast<std::int64_t>(i);
    return {first_of(all, rows.train, s.images), first_of(all, rows.validation, s.validation), first_of(all, rows.train, s.calibration),
            first_of(test, in_order, s.test)};
}

/// Pictures as they are judged, in batches by their size.
struct judged_images {
    images set;
    auto operator()(int size) const { return nn::evaluation_batches(set, size, 250, fashion_statistics, 1); }
};
/// Pictures as training shows them, for the statistics of norms.
struct calibrating_images {
    images set;
    auto operator()(int size) const { return nn::image_batches{set, size, 250, nn::augmented_view{fashion_augmentation}, 1}; }
};

} // namespace moofa_fashion
