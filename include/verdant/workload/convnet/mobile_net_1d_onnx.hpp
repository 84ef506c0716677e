#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/workload/convnet/detail/onnx_layers.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/mobile_net_1d.hpp>

#include <string>
#include <utility>

namespace verdant::workload {

/// A mobile network for signals as a model of ONNX: from `signals` [batch, channels, length] to `logits` [batch, classes]; all else is as of
/// `to_onnx` of mobile networks.
/// @param weights all of the network's, under Accel-NASBench's names, such as `nn::state_of` gives them
/// @pre the stages of the blocks are 0, 1, ... in order
/// @throws input_error as there
[[nodiscard]] inline onnx::ModelProto to_onnx(const mobile_net_1d& net, const io::named_tensors& weights, int batch = 1) {
    detail::onnx_layers layers{"mobile_net_1d", weights, {}, batch};
    auto x = layers.graph().input("signals", {net.first_conv.in, net.length});
    x = layers.conv_1d("features.0.0.", x, net.first_conv);
    int stage = -1, layer = 0;
    for (const auto& b : net.blocks) {
        layer = b.stage == stage ? layer + 1 : 0;
        stage = b.stage;
        const auto name = "features." + std::to_string(stage + 1) + '.' + std::to_string(layer);
        int member = 0;
        const auto next = [&] { return name + ".block." + std::to_string(member++) + ".0."; };
        auto y = x;
        if (b.expands()) y = layers.conv_1d(next(), y, {.in = b.in, .out = b.mid, .act = b.act});
        y = layers.conv_1d(next(), y, {.in = b.mid, .out = b.mid, .kernel = b.kernel, .stride = b.stride, .act = b.act}, b.mid);
        y = layers.conv_1d(next(), y, {.in = b.mid, .out = b.out});
        x = b.shortcut ? layers.graph().node("Add", name, {y, x}) : y;
    }
    x = layers.conv_1d("features." + std::to_string(stage + 2) + ".0.", x, net.last_conv);
    layers.classifier(layers.mean_of_map(x), net.last_conv.out, net.classes, "classifier.1.");
    return std::move(layers).finish();
}

} // namespace verdant::workload
