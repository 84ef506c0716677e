#pragma once

#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/graph/bounded_list.hpp>

#include <cstddef>

/// A ResNet-D, block by block.
namespace verdant::workload {

/// What is added to the output of a bottleneck: its input; the input through a 1x1 convolution with the stride and batch normalisation; or the input
/// averaged over stride x stride (ceiling mode) and then through such a convolution with stride 1.
enum class downsample : unsigned char { identity, conv, avgpool_conv };

/// A ResNet bottleneck: 1x1 `in -> mid`, kxk with the stride, 1x1 `mid -> out`, each with batch normalisation; ReLU after the first two and after the
/// sum with the shortcut.
struct bottleneck_block {
    int in = 0;
    int mid = 0;
    int out = 0;
    int kernel = 3;
    int stride = 1;
    double expand = 0.25; ///< of `out`
    downsample shortcut = downsample::identity;
    int stage = 0;

    friend constexpr bool operator==(const bottleneck_block&, const bottleneck_block&) = default;
};

/// A static ResNet-D classifier, batch 1: three 3x3 convolutions (the middle one residual, and optional), max-pooling 3x3 with stride 2, bottlenecks,
/// global mean, classifier.
struct residual_net {
    static constexpr std::size_t max_blocks = 48;

    conv_layer first_conv{};
    bool stem_residual = true; ///< whether a 3x3 convolution with identity shortcut stands between the other two
    conv_layer last_conv{}; ///< of the stem
    bounded_list<bottleneck_block, max_blocks> blocks{};
    int classes = 1000;
    int image_size = 224; ///< side of the input, which has `first_conv.in` channels
    double bn_momentum = 0.1;
    double bn_eps = 1e-5; ///< epsilon of batch or group normalisation
    int gn_channels = 0; ///< channels of a group of group normalisation at most; 0: batch normalisation
    double ws_eps = 0; ///< epsilon of weight standardisation; 0: none
    int heads = 1; ///< of the classifier, each with all classes

    friend constexpr bool operator==(const residual_net&, const residual_net&) = default;
};

} // namespace verdant::workload
