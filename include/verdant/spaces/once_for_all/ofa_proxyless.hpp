#pragma once

#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/channels.hpp>

/// ProxylessNAS' supernet as Once-for-all has it.
namespace verdant::spaces {

/// Base widths of a ProxylessNAS family.
enum class proxyless_widths : unsigned char {
    proxyless, ///< 24, 40, 80, 96, 192, 320
    google,    ///< those of MobileNetV2: 24, 32, 64, 96, 160, 320
};

/// ProxylessNAS as Once-for-All has it: ofa/classification/elastic_nn/networks/ofa_proxyless.py.
[[nodiscard]] constexpr mobile_family proxyless_family(double width = 1.3, proxyless_widths base = proxyless_widths::proxyless, int classes = 1000,
                                                       int depth = 4) {
    const auto scaled = [width](int channels) { return workload::make_divisible(channels * width); };
    const bool google = base == proxyless_widths::google;
    using enum nonlinearity;
    return {.first_conv = scaled(32),
            .first_act = relu6,
            .first_block = scaled(16),
            .first_block_act = relu6,
            .stages = {{{scaled(24), 2, relu6, false, depth},
                        {scaled(google ? 32 : 40), 2, relu6, false, depth},
                        {scaled(google ? 64 : 80), 2, relu6, false, depth},
                        {scaled(96), 1, relu6, false, depth},
                        {scaled(google ? 160 : 192), 2, relu6, false, depth},
                        {scaled(320), 1, relu6, false, 1}}},
            .stage_count = 6,
            .feature_mix = scaled(1280),
            .classes = classes,
            .bn_eps = 1e-3};
}

/// OFA-ProxylessNAS; published with width 1.3.
template <double Width = 1.3, proxyless_widths Base = proxyless_widths::proxyless>
struct ofa_proxyless : once_for_all<proxyless_family(Width, Base), published_images, published_kernels, choices<3, 4, 6>, published_depths> {};

} // namespace verdant::spaces
