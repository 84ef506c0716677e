#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/workload/convnet/detail/onnx_layers.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>
#include <verdant/workload/convnet/residual_net.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Residual networks with their weights as models of ONNX.
namespace verdant::workload {

/// A static ResNet-D as a model of ONNX; all is as of `to_onnx` of mobile networks.
/// @throws input_error as there
[[nodiscard]] inline onnx::ModelProto to_onnx(const residual_net& net, const io::named_tensors& weights, int batch = 1) {
    if (net.heads != 1) throw input_error{"residual_net", "heads", "one classifier", std::to_string(net.heads)};
    detail::onnx_layers layers{"residual_net", weights, {net.bn_eps, net.gn_channels, net.ws_eps}, batch};
    auto& graph = layers.graph();
    const auto squares = [](std::int64_t side) { return std::vector{side, side}; };
    auto x = graph.input("pixel_values", {net.first_conv.in, net.image_size, net.image_size});
    x = layers.conv("input_stem.0.", x, net.first_conv);
    if (net.stem_residual) {
        const int width = net.first_conv.out;
        x = graph.node("Add", "input_stem.1",
                       {layers.conv("input_stem.1.conv.", x, {.in = width, .out = width, .kernel = 3, .act = net.first_conv.act}), x});
    }
    x = layers.conv(net.stem_residual ? "input_stem.2." : "input_stem.1.", x, net.last_conv);
    x = graph.node("MaxPool", "max_pooling", {x},
                   {{"kernel_shape", squares(3)}, {"strides", squares(2)}, {"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
    int width = net.last_conv.out;
    for (std::size_t i = 0; i < net.blocks.size(); ++i) {
        const auto& b = net.blocks[i];
        const auto name = "blocks." + std::to_string(i);
        auto y = layers.conv(name + ".conv1.", x, {.in = b.in, .out = b.mid, .act = nonlinearity::relu});
        y = layers.conv(name + ".conv2.", y, {.in = b.mid, .out = b.mid, .kernel = b.kernel, .stride = b.stride, .act = nonlinearity::relu});
        y = layers.conv(name + ".conv3.", y, {.in = b.mid, .out = b.out});
        auto input = x;
        if (b.shortcut == downsample::avgpool_conv && b.stride != 1)
            input = graph.node("AveragePool", name + ".downsample.pool", {input},
                               {{"kernel_shape", squares(b.stride)}, {"strides", squares(b.stride)}, {"ceil_mode", std::int64_t{1}}});
        if (b.shortcut != downsample::identity)
            input = layers.conv(name + ".downsample.", input, {.in = b.in, .out = b.out, .stride = b.shortcut == downsample::conv ? b.stride : 1});
        x = graph.node("Relu", name, {graph.node("Add", name + ".sum", {y, input})});
        width = b.out;
    }
    layers.classifier(layers.mean_of_map(x), width, net.classes);
    return std::move(layers).finish();
}

} // namespace verdant::workload
