#pragma once

#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/channels.hpp>

#include <array>

namespace verdant::spaces {

/// What becomes of widths that are multiplied: multiples of 8, as in networks, or the nearest whole numbers, as in tables of Once-for-All's tutorial.
enum class width_rounding : unsigned char { divisible, nearest };

/// MobileNetV3-Large as Once-for-All has it: ofa/classification/elastic_nn/networks/ofa_mbv3.py. All widths are multiplied and rounded, to
/// what is divisible by 8 unless asked otherwise.
[[nodiscard]] constexpr mobile_family mobilenet_v3_family(double width = 1.0, int classes = 1000, int depth = 4,
                                                          width_rounding rounding = width_rounding::divisible) {
    const auto scaled = [width, rounding](int channels) {
        return rounding == width_rounding::divisible ? workload::make_divisible(channels * width) : workload::round_half_even(channels * width);
    };
    using enum nonlinearity;
    return {.first_conv = scaled(16),
            .first_block = scaled(16),
            .stages = {{{scaled(24), 2, relu, false, depth},
                        {scaled(40), 2, relu, true, depth},
                        {scaled(80), 2, h_swish, false, depth},
                        {scaled(112), 1, h_swish, true, depth},
                        {scaled(160), 2, h_swish, true, depth}}},
            .stage_count = 5,
            .final_expand = scaled(960),
            .feature_mix = scaled(1280),
            .classes = classes};
}

/// The resolutions, kernels and depths of the published supernets.
using published_images = choices<128, 160, 192, 224>;
using published_kernels = choices<3, 5, 7>;
using published_depths = choices<2, 3, 4>;

/// OFA-MobileNetV3 (Cai et al., Once-for-All, ICLR 2020); published with widths 1.0 and 1.2.
/// @tparam Width multiplier of all channels
template <double Width = 1.0>
struct ofa_mobilenet_v3 : once_for_all<mobilenet_v3_family(Width), published_images, published_kernels, choices<3, 4, 6>, published_depths> {};

} // namespace verdant::spaces
