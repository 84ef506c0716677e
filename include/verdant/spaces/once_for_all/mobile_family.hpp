#pragma once

#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <array>
#include <cstddef>

/// A family of elastic MobileNets, from which spaces are made.
namespace verdant::spaces {

using workload::nonlinearity;

/// An elastic stage: its first block has the stride and changes the width, further ones have neither.
struct mobile_stage {
    int width = 0;  ///< output channels
    int stride = 1;
    nonlinearity act = nonlinearity::relu;
    bool se = false;
    int blocks = 4; ///< as many as its largest depth

    friend constexpr bool operator==(const mobile_stage&, const mobile_stage&) = default;
};

/// What all networks of a space have in common: a plain value that can be a template argument. The fixed first block has kernel 3, stride 1
/// and no expansion.
struct mobile_family {
    static constexpr std::size_t max_stages = 8;

    int first_conv = 16;                                   ///< output channels of the 3x3 convolution with stride 2
    nonlinearity first_act = nonlinearity::h_swish;        ///< also of the final expansion and the feature mix
    int first_block = 16;                                  ///< output channels
    nonlinearity first_block_act = nonlinearity::relu;
    std::array<mobile_stage, max_stages> stages{};
    int stage_count = 0;
    int final_expand = 0;                                  ///< output channels; 0: no such layer (ProxylessNAS)
    int feature_mix = 0;                                   ///< output channels, which the classifier takes
    int classes = 1000;
    int in_channels = 3;
    double bn_momentum = 0.1;
    double bn_eps = 1e-5; ///< epsilon of batch or group normalisation
    int gn_channels = 0; ///< channels of a group of group normalisation at most; 0: batch normalisation
    double ws_eps = 0;   ///< epsilon of weight standardisation; 0: none
    int heads = 1;       ///< of the classifier, each with all classes

    /// Blocks of the deepest network, without the first one.
    [[nodiscard]] constexpr int blocks() const {
        int sum = 0;
        for (int s = 0; s < stage_count; ++s) sum += stages[static_cast<std::size_t>(s)].blocks;
        return sum;
    }
    /// Position of a stage's first block in lists of all blocks.
    [[nodiscard]] constexpr int block_offset(int stage) const {
        int sum = 0;
        for (int s = 0; s < stage; ++s) sum += stages[static_cast<std::size_t>(s)].blocks;
        return sum;
    }
    /// Input channels of a stage.
    [[nodiscard]] constexpr int width_before(int stage) const { return stage == 0 ? first_block : stages[static_cast<std::size_t>(stage - 1)].width; }
    /// Product of all strides.
    [[nodiscard]] constexpr int total_stride() const {
        int product = 2;
        for (int s = 0; s < stage_count; ++s) product *= stages[static_cast<std::size_t>(s)].stride;
        return product;
    }

    friend constexpr bool operator==(const mobile_family&, const mobile_family&) = default;
};

/// Block `position` of a stage (0: the first).
/// @param expand ratio; 1 leaves the expansion out
[[nodiscard]] constexpr workload::mobile_block block_of(const mobile_family& f, int stage, int position, int kernel, double expand) {
    const auto& s = f.stages[static_cast<std::size_t>(stage)];
    const bool first = position == 0;
    const int in = first ? f.width_before(stage) : s.width;
    const int stride = first ? s.stride : 1;
    return {.in = in,
            .mid = workload::mid_channels(in, expand),
            .out = s.width,
            .kernel = kernel,
            .stride = stride,
            .expand = expand,
            .act = s.act,
            .se = s.se,
            .shortcut = stride == 1 && in == s.width,
            .stage = stage};
}

/// The network without its elastic blocks: first convolution and block, final expansion, feature mix.
[[nodiscard]] constexpr workload::mobile_net frame_of(const mobile_family& f, int image_size) {
    const int last = f.stage_count == 0 ? f.first_block : f.stages[static_cast<std::size_t>(f.stage_count - 1)].width;
    workload::mobile_net net;
    net.first_conv = {.in = f.in_channels, .out = f.first_conv, .kernel = 3, .stride = 2, .act = f.first_act};
    net.blocks.push_back(
        {.in = f.first_conv, .mid = f.first_conv, .out = f.first_block, .act = f.first_block_act, .shortcut = f.first_conv == f.first_block});
    if (f.final_expand != 0) net.final_expand = {.in = last, .out = f.final_expand, .act = f.first_act};
    net.feature_mix = {
        .in = f.final_expand != 0 ? f.final_expand : last, .out = f.feature_mix, .act = f.first_act, .batch_norm = f.final_expand == 0};
    net.classes = f.classes;
    net.image_size = image_size;
    net.bn_momentum = f.bn_momentum;
    net.bn_eps = f.bn_eps;
    net.gn_channels = f.gn_channels;
    net.ws_eps = f.ws_eps;
    net.heads = f.heads;
    return net;
}

} // namespace verdant::spaces
