#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/error.hpp>
#include <verdant/io/onnx/onnx_builder.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/tensor_naming.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

/// The layers of convolutional networks as operators of ONNX, with the weights of checkpoints.
namespace verdant::workload::detail {

/// How a network's convolutions are normalised.
struct norm_rule {
    double epsilon = 1e-5;
    int group_channels = 0;   ///< channels of a group of group normalisation at most; 0: batch normalisation
    double standardise = 0;   ///< epsilon of weight standardisation; 0: none
};

/// Takes the weights of a network by their names, each once, and writes its layers.
class onnx_layers {
public:
    /// The last set in which the bounds of a clip are attributes: OpenCV reads no others, and all run-times take older sets.
    static constexpr std::int64_t opset = 10;

    onnx_layers(std::string_view network, const io::named_tensors& weights, const norm_rule& norm, int batch)
        : onnx_{std::string{network}, opset, batch}, weights_{weights}, norm_{norm} {}

    [[nodiscard]] io::onnx_builder& graph() { return onnx_; }

    /// A convolution with its normalisation and nonlinearity.
    /// @param prefix of its weights, which its operators are named after @param groups 1, or the channels of a depthwise one
    std::string conv(const std::string& prefix, const std::string& x, const conv_layer& c, int groups = 1) {
        auto kernel = taken(prefix + "conv.weight", {c.out, c.in / groups, c.kernel, c.kernel});
        if (norm_.standardise > 0) kernel = standardised(kernel, norm_.standardise);
        const std::int64_t k = c.kernel, half = c.kernel / 2, stride = c.stride, g = groups;
        auto y = onnx_.node("Conv", prefix + "conv", {x, onnx_.weight(prefix + "conv.weight", kernel)},
                            {{"kernel_shape", std::vector{k, k}},
                             {"strides", std::vector{stride, stride}},
                             {"pads", std::vector{half, half, half, half}},
                             {"group", g}});
        if (c.batch_norm) y = norm_.group_channels == 0 ? batch_norm(prefix + "bn", y, c.out) : group_norm(prefix + "bn", y, c.out);
        return activation(prefix + "act", y, c.act);
    }

    /// Scales channels of a block by what a small network makes of their means. @param prefix of its weights
    std::string squeeze_excite(const std::string& prefix, const std::string& x, const mobile_block& b) {
        const int channels = b.mid, squeezed = squeezed_channels(b);
        const auto layer = [&](const std::string& name, const std::string& of, int in, int out) {
            return onnx_.node("Conv", prefix + name, {of, weight(prefix + name + ".weight", {out, in, 1, 1}), weight(prefix + name + ".bias", {out})},
                              {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
        };
        auto y = onnx_.node("GlobalAveragePool", prefix + "mean", {x});
        y = activation(prefix + std::string{name(b.squeeze_act)}, layer("reduce", y, channels, squeezed), b.squeeze_act);
        y = layer("expand", y, squeezed, channels);
        if (b.gate != nonlinearity::h_sigmoid) return onnx_.node("Mul", prefix + "scale", {x, activation(prefix + "gate", y, b.gate)});
        // OpenCV 4.6 takes any product with a HardSigmoid for a HardSwish, even of another tensor, and then gives wrong numbers; so h_sigmoid is written out.
        y = onnx_.node("Mul", prefix + "gate.sixth", {y, number(prefix + "gate.slope", 1.0F / 6)});
        y = onnx_.node("Add", prefix + "gate.shifted", {y, number(prefix + "gate.half", 0.5F)});
        y = onnx_.node("Clip", prefix + "gate", {y}, {{"min", 0.0F}, {"max", 1.0F}});
        return onnx_.node("Mul", prefix + "scale", {x, y});
    }

    /// The means of the channels go into the classifier; the graph gives `logits`, [batch, classes].
    std::string mean_of_map(const std::string& x, const std::string& name = "mean") { return onnx_.node("GlobalAveragePool", name, {x}); }
    void classifier(const std::string& map, int features, int classes) {
        const auto flat = onnx_.node("Flatten", "flatten", {map});
        const std::string prefix = "classifier.linear.";
        const auto logits = onnx_.node("Gemm", "logits", {flat, weight(prefix + "weight", {classes, features}), weight(prefix + "bias", {classes})},
                                       {{"transB", std::int64_t{1}}});
        onnx_.output(logits, {classes});
    }

    std::string activation(const std::string& name, const std::string& x, nonlinearity f) {
        switch (f) {
        case nonlinearity::none: break;
        case nonlinearity::relu: return onnx_.node("Relu", name, {x});
        case nonlinearity::relu6: return onnx_.node("Clip", name, {x}, {{"min", 0.0F}, {"max", 6.0F}});
        case nonlinearity::tanh: return onnx_.node("Tanh", name, {x});
        case nonlinearity::sigmoid: return onnx_.node("Sigmoid", name, {x});
        case nonlinearity::silu: return onnx_.node("Mul", name, {x, activation(name + ".gate", x, nonlinearity::sigmoid)});
        case nonlinearity::h_swish: return onnx_.node("Mul", name, {x, activation(name + ".gate", x, nonlinearity::h_sigmoid)});
        case nonlinearity::h_sigmoid: return onnx_.node("HardSigmoid", name, {x}, {{"alpha", 1.0F / 6}, {"beta", 0.5F}});
        }
        return x;
    }

    /// The model. @throws input_error where a weight was missing, had another shape, or belongs to no layer
    [[nodiscard]] onnx::ModelProto finish() && {
        if (!missing_.empty()) throw io::missing_tensors(weights_, std::span<const std::string>{missing_});
        for (const auto& [name, value] : weights_)
            if (!used_.contains(name) && !name.ends_with("num_batches_tracked")) // a count of training steps, of no use for a static network
                throw input_error{source(), "tensor " + name, "weights of this network", "a tensor that it does not have"};
        return std::move(onnx_).finish();
    }

private:
    [[nodiscard]] std::string source() const { return weights_.source_name().empty() ? "weights" : weights_.source_name(); }

    std::string batch_norm(const std::string& prefix, const std::string& x, int channels) {
        const auto part = [&](const char* name) { return weight(prefix + name, {channels}); };
        return onnx_.node("BatchNormalization", prefix, {x, part(".weight"), part(".bias"), part(".running_mean"), part(".running_var")},
                          {{"epsilon", static_cast<float>(norm_.epsilon)}});
    }

    /// Sets up to 17 have no operator for it: each group is one channel of instance normalisation, then the channels get their own scales.
    std::string group_norm(const std::string& prefix, const std::string& x, int channels) {
        int width = std::min(channels, norm_.group_channels); // the largest divisor, as of nn::group_width
        while (channels % width != 0) --width;
        const auto groups = static_cast<std::size_t>(channels / width);
        const auto ones = onnx_.weight(prefix + ".ones", io::tensor_data::of({groups}, std::vector<float>(groups, 1)));
        const auto zeros = onnx_.weight(prefix + ".zeros", io::tensor_data::of({groups}, std::vector<float>(groups, 0)));
        auto y = onnx_.node("Reshape", prefix + ".groups", {x, onnx_.integers(prefix + ".grouped", {0, static_cast<std::int64_t>(groups), -1})});
        y = onnx_.node("InstanceNormalization", prefix + ".normal", {y, ones, zeros}, {{"epsilon", static_cast<float>(norm_.epsilon)}});
        y = onnx_.node("Reshape", prefix + ".map", {y, onnx_.node("Shape", prefix + ".shape", {x})});
        const auto part = [&](const char* name) {
            const auto value = taken(prefix + name, {channels});
            return onnx_.weight(prefix + name, io::tensor_data::of({static_cast<std::uint64_t>(channels), 1, 1}, value.to<float>()));
        };
        y = onnx_.node("Mul", prefix + ".scaled", {y, part(".weight")});
        return onnx_.node("Add", prefix, {y, part(".bias")});
    }

    std::string weight(const std::string& name, std::vector<int> shape) { return onnx_.weight(name, taken(name, std::move(shape))); }

    std::string number(const std::string& name, float value) { return onnx_.weight(name, io::tensor_data::of({1}, std::vector{value})); }

    /// The weights of that name; zeros where they are missing, so that all missing ones are found.
    io::tensor_data taken(const std::string& name, std::vector<int> shape) {
        const io::tensor_shape wanted(shape.begin(), shape.end());
        const auto* found = weights_.find(name);
        if (found == nullptr) {
            missing_.push_back(name);
            return io::tensor_data::of(wanted, std::vector<float>(io::element_count(wanted).value_or(0)));
        }
        used_.insert(name);
        if (found->shape() != wanted)
            throw input_error{source(), "tensor " + name, "the shape " + io::shape_text(wanted), io::shape_text(found->shape())};
        return *found;
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

    io::onnx_builder onnx_;
    const io::named_tensors& weights_;
    norm_rule norm_;
    std::unordered_set<std::string> used_;
    std::vector<std::string> missing_;
};

} // namespace verdant::workload::detail
