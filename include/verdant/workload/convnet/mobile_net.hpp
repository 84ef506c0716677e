#pragma once

#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>
#include <verdant/workload/graph/bounded_list.hpp>

#include <cstddef>

/// A MobileNet, block by block.
namespace verdant::workload {

/// A convolution with `kernel / 2` padding and no bias, followed by batch normalisation where it has one and by an elementwise function.
struct conv_layer {
    int in = 0;
    int out = 0;
    int kernel = 1;
    int stride = 1;
    nonlinearity act = nonlinearity::none;
    bool batch_norm = true;

    friend constexpr bool operator==(const conv_layer&, const conv_layer&) = default;
};

/// An inverted bottleneck (MBConv): 1x1 expansion `in -> mid`, depthwise convolution with the stride, squeeze-and-excitation, 1x1
/// projection `mid -> out` without activation; each convolution with batch normalisation.
struct mobile_block {
    int in = 0;
    int mid = 0;
    int out = 0;
    int kernel = 3;
    int stride = 1;
    double expand = 1;      ///< the ratio that was asked for; where it is 1 there is no expansion, and `mid` is `in`
    nonlinearity act = nonlinearity::relu;
    bool se = false;
    bool shortcut = false;  ///< the input is added to the output
    int stage = -1;         ///< 0, 1, ... for elastic stages; -1 for the fixed first block
    int squeezed = 0;       ///< channels inside squeeze-and-excitation; 0: `squeezed_channels(mid)`
    nonlinearity squeeze_act = nonlinearity::relu;      ///< between its two layers
    nonlinearity gate = nonlinearity::h_sigmoid;        ///< of the factors that it gives

    [[nodiscard]] constexpr bool expands() const { return expand != 1; }

    friend constexpr bool operator==(const mobile_block&, const mobile_block&) = default;
};

/// Channels inside a block's squeeze-and-excitation.
[[nodiscard]] constexpr int squeezed_channels(const mobile_block& b) { return b.squeezed > 0 ? b.squeezed : squeezed_channels(b.mid); }

/// A static MobileNetV3- or ProxylessNAS-type classifier, batch 1: first convolution, blocks, final expansion (MobileNetV3 only), global mean,
/// feature mix, classifier. In a ProxylessNAS net the feature mix comes before the mean.
struct mobile_net {
    static constexpr std::size_t max_blocks = 48;

    conv_layer first_conv{};
    bounded_list<mobile_block, max_blocks> blocks{};
    conv_layer final_expand{};   ///< `out == 0`: there is none, as in ProxylessNAS
    conv_layer feature_mix{};
    int classes = 1000;
    int image_size = 224;        ///< side of the input, which has `first_conv.in` channels
    double bn_momentum = 0.1;
    double bn_eps = 1e-5; ///< epsilon of batch or group normalisation
    int gn_channels = 0; ///< channels of a group of group normalisation at most; 0: batch normalisation
    double ws_eps = 0;   ///< epsilon of weight standardisation; 0: none
    int heads = 1;       ///< of the classifier, each with all classes

    [[nodiscard]] constexpr bool has_final_expand() const { return final_expand.out != 0; }

    friend constexpr bool operator==(const mobile_net&, const mobile_net&) = default;
};

/// Side of the map after the first convolution.
[[nodiscard]] constexpr int first_map_side(const mobile_net& n) { return strided(n.image_size, n.first_conv.stride); }

} // namespace verdant::workload
