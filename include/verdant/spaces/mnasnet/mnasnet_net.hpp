#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

/// The networks of MnasNet's space, layer by layer (ANB-DatasetCollection: models/accelbenchnet.py, models/ops/misc.py).
namespace verdant::spaces {

/// What the space does not vary.
struct mnasnet_frame {
    int image_size = 224;
    int classes = 1000;
    workload::nonlinearity act = workload::nonlinearity::relu; ///< `relu`, with which Accel-NASBench was collected, or `silu`

    friend constexpr bool operator==(const mnasnet_frame&, const mnasnet_frame&) = default;
};

/// Output channels of the first and of the last convolution.
inline constexpr int mnasnet_stem = 32;
inline constexpr int mnasnet_features = 1280;

/// The nonlinearity of that name.
/// @throws input_error if it is neither `relu` nor `silu`
[[nodiscard]] constexpr workload::nonlinearity mnasnet_activation(std::string_view name) {
    if (name == "relu") return workload::nonlinearity::relu;
    if (name == "silu") return workload::nonlinearity::silu;
    throw input_error{"network", "activation", "relu or silu", "'" + std::string{name} + "'"};
}

/// Whether squeeze-and-excitation weighs the channels of a layer.
enum class channel_weights : unsigned char { none, squeezed };

/// A layer of a block. @param position 0: the first one, which has the stride and changes the channels
[[nodiscard]] constexpr workload::mobile_block mnasnet_layer(std::size_t block, int position, int expansion, int kernel, channel_weights weights,
                                                             workload::nonlinearity act = workload::nonlinearity::relu) {
    const auto& b = mnasnet_blocks[block];
    const bool first = position == 0;
    const int in = first ? b.in : b.out, stride = first ? b.stride : 1;
    return {.in = in,
            .mid = workload::make_divisible(in * expansion),
            .out = b.out,
            .kernel = kernel,
            .stride = stride,
            .expand = static_cast<double>(expansion),
            .act = act,
            .se = weights == channel_weights::squeezed,
            .shortcut = stride == 1 && in == b.out,
            .stage = static_cast<int>(block),
            .squeezed = std::max(1, in / 4), // of the layer's input, not of what it is expanded to
            .squeeze_act = act,
            .gate = act == workload::nonlinearity::silu ? workload::nonlinearity::sigmoid : workload::nonlinearity::h_sigmoid};
}

/// The network without its blocks: first convolution, last one, classifier.
/// @throws input_error for sizes that are not positive, and for an activation that is neither relu nor silu
[[nodiscard]] constexpr workload::mobile_net frame_of(const mnasnet_frame& f) {
    const auto positive = [](std::string_view what, int value) {
        if (value < 1) throw input_error{"network", what, "a positive number", std::to_string(value)};
    };
    positive("image size", f.image_size);
    positive("classes", f.classes);
    if (f.act != workload::nonlinearity::relu && f.act != workload::nonlinearity::silu)
        throw input_error{"network", "activation", "relu or silu", std::string{workload::name(f.act)}};
    workload::mobile_net net;
    net.first_conv = {.in = 3, .out = mnasnet_stem, .kernel = 3, .stride = 2, .act = f.act};
    net.feature_mix = {.in = mnasnet_blocks.back().out, .out = mnasnet_features, .act = f.act};
    net.classes = f.classes;
    net.image_size = f.image_size;
    return net;
}

/// The network of a point.
/// @throws input_error as `frame_of` does
[[nodiscard]] constexpr workload::mobile_net net_of(const point<mnasnet>& p, const mnasnet_frame& frame = {}) {
    auto net = frame_of(frame);
    const auto d = design_of(p);
    for (std::size_t b = 0; b < mnasnet_block_count; ++b)
        for (int j = 0; j < d.l[b]; ++j)
            net.blocks.push_back(mnasnet_layer(b, j, d.e[b], d.k[b], d.se[b] ? channel_weights::squeezed : channel_weights::none, frame.act));
    return net;
}

} // namespace verdant::spaces
