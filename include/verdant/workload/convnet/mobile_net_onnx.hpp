#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/workload/convnet/detail/onnx_layers.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <cstddef>
#include <string>
#include <utility>

/// Mobile networks with their weights as models of ONNX.
namespace verdant::workload {

/// A static mobile network as a model of ONNX (operators of set 10, which OpenCV and ONNX Runtime run): from `pixel_values` [batch, channels, side,
/// side] to `logits` [batch, classes], in evaluation. Layers keep the names of checkpoints. Batch normalisation stays an operator of its own, which
/// run-times fold into the convolution before it.
/// @param weights all of the network's, under the originals' names, such as an extracted sub-network's; counts of training steps are left out
/// @param batch images at once; 0 leaves it open, and then OpenCV 4.6 takes one image: with two it fails or ends the program
/// @throws input_error where weights are missing, do not fit, or belong to no layer; where the classifier has several heads
[[nodiscard]] inline onnx::ModelProto to_onnx(const mobile_net& net, const io::named_tensors& weights, int batch = 1) {
    if (net.heads != 1) throw input_error{"mobile_net", "heads", "one classifier", std::to_string(net.heads)};
    detail::onnx_layers layers{"mobile_net", weights, {net.bn_eps, net.gn_channels, net.ws_eps}, batch};
    auto x = layers.graph().input("pixel_values", {net.first_conv.in, net.image_size, net.image_size});
    x = layers.conv("first_conv.", x, net.first_conv);
    for (std::size_t i = 0; i < net.blocks.size(); ++i) {
        const auto& b = net.blocks[i];
        const auto prefix = "blocks." + std::to_string(i) + ".conv.";
        auto y = x;
        if (b.expands()) y = layers.conv(prefix + "inverted_bottleneck.", y, {.in = b.in, .out = b.mid, .act = b.act});
        y = layers.conv(prefix + "depth_conv.", y, {.in = b.mid, .out = b.mid, .kernel = b.kernel, .stride = b.stride, .act = b.act}, b.mid);
        if (b.se) y = layers.squeeze_excite(prefix + "depth_conv.se.fc.", y, b);
        y = layers.conv(prefix + "point_linear.", y, {.in = b.mid, .out = b.out});
        x = b.shortcut ? layers.graph().node("Add", "blocks." + std::to_string(i), {y, x}) : y;
    }
    if (net.has_final_expand()) {
        x = layers.mean_of_map(layers.conv("final_expand_layer.", x, net.final_expand));
        x = layers.conv("feature_mix_layer.", x, net.feature_mix);
    } else {
        x = layers.mean_of_map(layers.conv("feature_mix_layer.", x, net.feature_mix));
    }
    layers.classifier(x, net.feature_mix.out, net.classes);
    return std::move(layers).finish();
}

} // namespace verdant::workload
