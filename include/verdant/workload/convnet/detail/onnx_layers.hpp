#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>
#include <verdant/workload/detail/onnx_network.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The layers of convolutional networks as operators of ONNX, with the weights of checkpoints.
namespace verdant::workload::detail {

/// How a network's convolutions are normalised.
struct norm_rule {
    double epsilon = 1e-5;
    int group_channels = 0;   ///< channels of a group of group normalisation at most; 0: batch normalisation
    double standardise = 0;   ///< epsilon of weight standardisation; 0: none
};

/// Writes the layers of a convolutional network.
class onnx_layers : public onnx_network {
public:
    /// The last set in which the bounds of a clip are attributes: OpenCV reads no others, and all run-times take older sets.
    static constexpr std::int64_t opset = 10;

    onnx_layers(std::string_view network, const io::named_tensors& weights, const norm_rule& norm, int batch)
        : onnx_network{network, weights, opset, batch}, norm_{norm} {}

    /// A convolution with its normalisation and nonlinearity.
    /// @param prefix of its weights, which its operators are named after @param groups 1, or the channels of a depthwise one
    std::string conv(const std::string& prefix, const std::string& x, const conv_layer& c, int groups = 1) {
        auto y = convolution(prefix + "conv", {x, kernel(prefix + "conv.weight", {c.out, c.in / groups, c.kernel, c.kernel})}, c, groups, 2);
        if (c.batch_norm) y = norm_.group_channels == 0 ? batch_norm(prefix + "bn", y, c.out) : group_norm(prefix + "bn", y, c.out);
        return activation(prefix + "act", y, c.act);
    }

    /// A convolution over signals with a bias and its nonlinearity. Parameters as of `conv`.
    std::string conv_1d(const std::string& prefix, const std::string& x, const conv_layer& c, int groups = 1) {
        const auto y = convolution(prefix + "conv",
                                   {x, weight(prefix + "weight", {c.out, c.in / groups, c.kernel}), weight(prefix + "bias", {c.out})}, c, groups, 1);
        return activation(prefix + "act", y, c.act);
    }

    /// Scales channels of a block by what a small network makes of their means. @param prefix of its weights
    std::string squeeze_excite(const std::string& prefix, const std::string& x, const mobile_block& b) {
        const int channels = b.mid, squeezed = squeezed_channels(b);
        const auto layer = [&](const std::string& name, const std::string& of, int in, int out) {
            return graph().node("Conv", prefix + name,
                                {of, weight(prefix + name + ".weight", {out, in, 1, 1}), weight(prefix + name + ".bias", {out})},
                                {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
        };
        auto y = graph().node("GlobalAveragePool", prefix + "mean", {x});
        y = activation(prefix + std::string{name(b.squeeze_act)}, layer("reduce", y, channels, squeezed), b.squeeze_act);
        y = layer("expand", y, squeezed, channels);
        if (b.gate != nonlinearity::h_sigmoid) return graph().node("Mul", prefix + "scale", {x, activation(prefix + "gate", y, b.gate)});
        // OpenCV 4.6 takes any product with a HardSigmoid for a HardSwish, even of another tensor, and then gives wrong numbers; so h_sigmoid is
        // written out.
        y = graph().node("Mul", prefix + "gate.sixth", {y, number(prefix + "gate.slope", 1.0F / 6)});
        y = graph().node("Add", prefix + "gate.shifted", {y, number(prefix + "gate.half", 0.5F)});
        y = graph().node("Clip", prefix + "gate", {y}, {{"min", 0.0F}, {"max", 1.0F}});
        return graph().node("Mul", prefix + "scale", {x, y});
    }

    /// The means of the channels go into the classifier; the graph gives `logits`, [batch, classes].
    std::string mean_of_map(const std::string& x, const std::string& name = "mean") { return graph().node("GlobalAveragePool", name, {x}); }
    /// @param prefix of its weights
    void classifier(const std::string& map, int features, int classes, const std::string& prefix = "classifier.linear.") {
        const auto flat = graph().node("Flatten", "flatten", {map});
        const auto logits = graph().node("Gemm", "logits", {flat, weight(prefix + "weight", {classes, features}), weight(prefix + "bias", {classes})},
                                         {{"transB", std::int64_t{1}}});
        graph().output(logits, {classes});
    }

    std::string activation(const std::string& name, const std::string& x, nonlinearity f) {
        switch (f) {
        case nonlinearity::none: break;
        case nonlinearity::relu: return graph().node("Relu", name, {x});
        case nonlinearity::relu6: return graph().node("Clip", name, {x}, {{"min", 0.0F}, {"max", 6.0F}});
        case nonlinearity::tanh: return graph().node("Tanh", name, {x});
        case nonlinearity::sigmoid: return graph().node("Sigmoid", name, {x});
        case nonlinearity::silu: return graph().node("Mul", name, {x, activation(name + ".gate", x, nonlinearity::sigmoid)});
        case nonlinearity::h_swish: return graph().node("Mul", name, {x, activation(name + ".gate", x, nonlinearity::h_sigmoid)});
        case nonlinearity::h_sigmoid: return graph().node("HardSigmoid", name, {x}, {{"alpha", 1.0F / 6}, {"beta", 0.5F}});
        }
        return x;
    }

private:
    /// The weights of a convolution, standardised where the network says so.
    std::string kernel(const std::string& name, const std::vector<int>& shape) {
        if (norm_.standardise <= 0) return weight(name, shape);
        return changed_weight(name, shape, name, io::tensor_shape(shape.begin(), shape.end()),
                              [epsilon = norm_.standardise](const io::tensor_data& value) { return standardised(value, epsilon); });
    }

    /// Padded by half a kernel, so that only the stride changes the sizes. @param axes of space
    std::string convolution(const std::string& name, const std::vector<std::string>& inputs, const conv_layer& c, int groups, std::size_t axes) {
        const auto each = [](std::size_t count, std::int64_t value) { return std::vector<std::int64_t>(count, value); };
        return graph().node("Conv", name, inputs,
                            {{"kernel_shape", each(axes, c.kernel)},
                             {"strides", each(axes, c.stride)},
                             {"pads", each(2 * axes, c.kernel / 2)},
                             {"group", std::int64_t{groups}}});
    }

    std::string batch_norm(const std::string& prefix, const std::string& x, int channels) {
        const auto part = [&](const char* name) { return weight(prefix + name, {channels}); };
        return graph().node("BatchNormalization", prefix, {x, part(".weight"), part(".bias"), part(".running_mean"), part(".running_var")},
                            {{"epsilon", static_cast<float>(norm_.epsilon)}});
    }

    /// Sets up to 17 have no operator for it: each group is one channel of instance normalisation, then the channels get their own scales.
    std::string group_norm(const std::string& prefix, const std::string& x, int channels) {
        int width = std::min(channels, norm_.group_channels); // the largest divisor, as of nn::group_width
        while (channels % width != 0) --width;
        const auto groups = static_cast<std::size_t>(channels / width);
        const auto ones = graph().weight(prefix + ".ones", io::tensor_data::of({groups}, std::vector<float>(groups, 1)));
        const auto zeros = graph().weight(prefix + ".zeros", io::tensor_data::of({groups}, std::vector<float>(groups, 0)));
        auto y = graph().node("Reshape", prefix + ".groups", {x, graph().integers(prefix + ".grouped", {0, static_cast<std::int64_t>(groups), -1})});
        y = graph().node("InstanceNormalization", prefix + ".normal", {y, ones, zeros}, {{"epsilon", static_cast<float>(norm_.epsilon)}});
        y = graph().node("Reshape", prefix + ".map", {y, graph().node("Shape", prefix + ".shape", {x})});
        const auto part = [&](const char* name) {
            const io::tensor_shape by_channel{static_cast<std::uint64_t>(channels), 1, 1};
            return changed_weight(prefix + name, {channels}, prefix + name, by_channel,
                                  [by_channel](const io::tensor_data& value) { return io::tensor_data::of(by_channel, value.to<float>()); });
        };
        y = graph().node("Mul", prefix + ".scaled", {y, part(".weight")});
        return graph().node("Add", prefix, {y, part(".bias")});
    }

    /// Weight standardisation: every filter without its mean, divided by its unbiased standard deviation plus epsilon
    /// (once-for-all: ofa/utils/my_modules.py, MyConv2d).
    static io::tensor_data standardised(const io::tensor_data& kernel, double epsilon) {
        auto values = kernel.to<double>();
        const auto channels = static_cast<std::size_t>(kernel.shape()[0]);
        const auto each = values.size() / channels;
        for (std::size_t c = 0; c < channels; ++c) {
            const std::span row{values.data() + c * each, each};
            double mean = 0, squares = 0;
            for (const double v : row) mean += v;
            mean /= static_cast<double>(each);
            for (double& v : row) v -= mean, squares += v * v;
            const double deviation = std::sqrt(squares / static_cast<double>(each - 1)) + epsilon;
            for (double& v : row) v /= deviation;
        }
        return io::tensor_data::of(kernel.shape(), values);
    }

    norm_rule norm_;
};

} // namespace verdant::workload::detail
