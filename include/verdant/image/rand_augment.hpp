#pragma once

#include <verdant/error.hpp>
#include <verdant/image/affine_map.hpp>
#include <verdant/image/colour_jitter.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/resample.hpp>
#include <verdant/image/tone.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <utility>

/// RandAugment (Cubuk et al., NeurIPS 2020), as timm has it: `rand-m9-mstd0.5` (timm, data/auto_augment.py).
namespace verdant::io {

/// The changes that RandAugment draws from.
enum class picture_change : std::uint8_t {
    full_contrast,
    equalize,
    invert,
    turn,
    posterize,
    solarize,
    raise_shadows,
    saturation,
    contrast,
    brightness,
    sharpness,
    shear_x,
    shear_y,
    move_x,
    move_y
};
inline constexpr std::size_t picture_changes = 15;

/// How many changes, and how strong they are. The defaults are those with which Accel-NASBench trains the networks that its searches find.
struct rand_augmentation {
    std::size_t layers = 2;       ///< changes that are drawn for a picture, with repetition; 0: none
    double magnitude = 9;         ///< mean strength, of 10
    double deviation = 0.5;       ///< of the strength, which is drawn from a normal distribution and kept from 0 to 10
    double probability = 0.5;     ///< with which a change that was drawn is made
    std::array<unsigned char, 3> fill{124, 116, 104}; ///< colour of what comes from outside of a picture: the mean of ImageNet
};

/// @throws input_error for a strength that is not from 0 to 10, a negative deviation, or no probability
inline void check(const rand_augmentation& r) {
    constexpr std::string_view source = "RandAugment";
    require_count(source, "layers", r.layers, 0, 100);
    if (!(r.magnitude >= 0 && r.magnitude <= 10)) throw input_error{source, "magnitude", "a number from 0 to 10", exact_text(r.magnitude)};
    require_not_negative(source, "deviation", r.deviation);
    require_share(source, "probability", r.probability);
}

/// A change of a picture with a strength of 0 to 10. @param draws of signs and filters
[[nodiscard]] inline rgb_image changed(rgb_image image, picture_change what, double strength, random_stream& draws,
                                       const std::array<unsigned char, 3>& fill = rand_augmentation{}.fill) {
    const double part = strength / 10;
    const auto either = [&draws](double value) { return draws.chance(0.5) ? -value : value; };
    const auto mapped = [&](const affine_map& map) {
        return transformed(image, map, draws.chance(0.5) ? resampling::bilinear : resampling::bicubic, fill);
    };
    using enum picture_change;
    switch (what) {
    case full_contrast: return with_full_contrast(std::move(image));
    case equalize: return equalized(std::move(image));
    case invert: return inverted(std::move(image));
    case turn: return mapped(affine_map::turned(either(30 * part), image.width(), image.height()));
    case posterize: return posterized(std::move(image), static_cast<int>(4 * part));
    case solarize: return solarized(std::move(image), std::min(256, static_cast<int>(256 * part)));
    case raise_shadows: return with_shadows_raised(std::move(image), std::min(128, static_cast<int>(110 * part)));
    case saturation: return with_saturation(std::move(image), 0.1 + 1.8 * part);
    case contrast: return with_contrast(std::move(image), 0.1 + 1.8 * part);
    case brightness: return with_brightness(std::move(image), 0.1 + 1.8 * part);
    case sharpness: return with_sharpness(std::move(image), 0.1 + 1.8 * part);
    case shear_x: return mapped(affine_map::sheared_x(either(0.3 * part)));
    case shear_y: return mapped(affine_map::sheared_y(either(0.3 * part)));
    case move_x: return mapped(affine_map::moved(either(0.45 * part) * static_cast<double>(image.width()), 0));
    case move_y: return mapped(affine_map::moved(0, either(0.45 * part) * static_cast<double>(image.height())));
    }
    return image;
}

/// A picture with changes that the draws choose. @pre options that `check` lets pass
template <class = instantiated_when_used>
[[nodiscard]] rgb_image rand_augmented(rgb_image image, random_stream& draws, const rand_augmentation& how = {}) {
    for (std::size_t layer = 0; layer < how.layers; ++layer) {
        const auto what = static_cast<picture_change>(draws.below(picture_changes));
        if (!draws.chance(how.probability)) continue;
        // Box and Muller's normal number; 1 - u is above 0.
        const double u = draws.uniform(), v = draws.uniform();
        const double normal = std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * std::numbers::pi * v);
        image = changed(std::move(image), what, std::clamp(how.magnitude + how.deviation * normal, 0.0, 10.0), draws, how.fill);
    }
    return image;
}
VERDANT_DEFINED_ONCE(rgb_image rand_augmented<>(rgb_image, random_stream&, const rand_augmentation&));

} // namespace verdant::io
