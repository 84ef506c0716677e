#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Random erasing (Zhong et al., AAAI 2020), as timm has it (timm, data/random_erasing.py).
namespace verdant::io {

/// How much of an image is replaced by noise. The defaults are those of the final trainings of Accel-NASBench.
struct random_erasing {
    double probability = 0.2;
    double smallest = 0.02, largest = 1.0 / 3;   ///< share of the image's area
    double narrowest = 0.3, widest = 1.0 / 0.3;  ///< height over width

    using described = members<member<"probability", &random_erasing::probability>, member<"smallest", &random_erasing::smallest>,
                              member<"largest", &random_erasing::largest>, member<"narrowest", &random_erasing::narrowest>,
                              member<"widest", &random_erasing::widest>>;
};

/// @throws input_error for shares outside of [0, 1], or aspects that are not positive and growing
inline void check(const random_erasing& e) {
    constexpr std::string_view source = "random erasing";
    require_share(source, "probability", e.probability);
    require_share(source, "largest", e.largest);
    if (!(e.smallest >= 0 && e.smallest <= e.largest))
        throw input_error{source, "smallest", "0 to largest, " + exact_text(e.largest), exact_text(e.smallest)};
    require_positive(source, "narrowest", e.narrowest);
    if (!(e.widest >= e.narrowest && std::isfinite(e.widest)))
        throw input_error{source, "widest", "at least narrowest, " + exact_text(e.narrowest), exact_text(e.widest)};
}

/// A part of an image.
struct erased_box {
    std::size_t x = 0, y = 0, width = 0, height = 0;
};

/// What is erased of an image: an area and an aspect (uniform in its logarithm), ten tries to find a part smaller than the image; nothing where none
/// is, or where the draws leave the image as it is.
[[nodiscard]] inline std::optional<erased_box> draw_erasure(std::size_t width, std::size_t height, random_stream& draws,
                                                            const random_erasing& how = {}) {
    if (!draws.chance(how.probability)) return std::nullopt;
    const double all = static_cast<double>(width) * static_cast<double>(height);
    for (int attempt = 0; attempt < 10; ++attempt) {
        const double area = all * draws.uniform(how.smallest, how.largest);
        const double aspect = std::exp(draws.uniform(std::log(how.narrowest), std::log(how.widest)));
        const auto h = static_cast<std::size_t>(std::nearbyint(std::sqrt(area * aspect))),
                   w = static_cast<std::size_t>(std::nearbyint(std::sqrt(area / aspect)));
        if (w == 0 || h == 0 || w >= width || h >= height) continue;
        const auto y = static_cast<std::size_t>(draws.below(height - h + 1)), x = static_cast<std::size_t>(draws.below(width - w + 1));
        return erased_box{x, y, w, h};
    }
    return std::nullopt;
}

/// Perhaps replaces a part of a normalised image by normal noise, number by number.
/// @param image 3 x height x width numbers, channel by channel
/// @throws error if these are not so many
template <class = instantiated_when_used>
void erase_randomly(std::span<float> image, std::size_t width, std::size_t height, random_stream& draws, const random_erasing& how = {}) {
    if (image.size() != 3 * width * height) throw error{"an image of " + std::to_string(image.size()) + " numbers has another size"};
    const auto box = draw_erasure(width, height, draws, how);
    if (!box) return;
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t y = box->y; y < box->y + box->height; ++y)
            for (std::size_t x = box->x; x < box->x + box->width; ++x) {
                const double u = draws.uniform(), v = draws.uniform(); // Box and Muller
                image[(c * height + y) * width + x] = static_cast<float>(std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * std::numbers::pi * v));
            }
}
VERDANT_DEFINED_ONCE(void erase_randomly<>(std::span<float>, std::size_t, std::size_t, random_stream&, const random_erasing&));

} // namespace verdant::io
