#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/evaluate/latency_meter.hpp>
#include <verdant/nn/layers/activation.hpp>
#include <verdant/nn/layers/classifier_head.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/mbconv.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>
#include <verdant/nn/models/mnasnet.hpp>
#include <verdant/nn/models/mobile_net.hpp>

#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/quantize_per_channel.h>
#include <ATen/ops/quantize_per_tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/// Networks of inverted bottlenecks in 8-bit integers, quantised after training, by LibTorch's engines.
namespace verdant::nn {

namespace detail {

/// oneDNN 2, which comes with LibTorch 1.13, writes beyond its memory where it multiplies 8-bit integers by AMX (seen with 2.6.3, convolutions,
/// processors of 2023). It reads the instructions that it may take from the environment when it is first used, so this is said before `main`; a value
/// that is there already stays.
inline const bool amx_is_left_out = [] {
#if defined(__x86_64__) && TORCH_VERSION_MAJOR < 2
    unsigned a = 0, b = 0, c = 0, d = 0;
    constexpr unsigned amx_int8 = 1U << 25U;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (d & amx_int8) == 0) return false;
    return ::setenv("DNNL_MAX_CPU_ISA", "AVX512_CORE_BF16", 0) == 0;
#else
    return false;
#endif
}();

} // namespace detail

/// What such a network consists of; `bottlenecks_of(net)` gives it.
struct bottleneck_net {
    convolution stem;
    std::vector<mbconv> blocks;
    convolution features;
    affine classifier; ///< of the features' means over the map
};

/// A net as a list of its parts.
[[nodiscard]] inline bottleneck_net bottlenecks_of(const mnasnet& net) {
    bottleneck_net out{net.stem, {}, net.head, net.classifier};
    for (const auto& layers : net.blocks) out.blocks.insert(out.blocks.end(), layers.begin(), layers.end());
    return out;
}
/// The same. @throws input_error for a net whose maps are averaged before the last convolution, as MobileNetV3's are, or that has several heads
[[nodiscard]] inline bottleneck_net bottlenecks_of(const mobile_net& net) {
    if (net.final_expand || !net.other_heads.empty())
        throw input_error{"8-bit integers", "network", "one head behind the mean over the map", "another end"};
    return {net.first_conv, net.blocks, net.feature_mix, net.classifier};
}

/// The engine that computes with 8-bit integers here: oneDNN where LibTorch has it, else FBGEMM, else QNNPACK.
/// @throws input_error if LibTorch was built without any
[[nodiscard]] inline at::QEngine int8_engine() {
    const auto& there = at::globalContext().supportedQEngines();
    for (const auto wanted : {at::QEngine::ONEDNN, at::QEngine::FBGEMM, at::QEngine::QNNPACK})
        if (std::find(there.begin(), there.end(), wanted) != there.end()) return wanted;
    throw input_error{"8-bit integers", "engine", "oneDNN, FBGEMM or QNNPACK in LibTorch", "none of them"};
}

/// What records call it.
[[nodiscard]] inline std::string engine_name(at::QEngine engine) {
    switch (engine) {
    case at::QEngine::ONEDNN: return "onednn";
    case at::QEngine::FBGEMM: return "fbgemm";
    case at::QEngine::QNNPACK: return "qnnpack";
    default: return at::toString(engine);
    }
}

namespace detail {

/// Calls a quantised operator, which has no function in C++.
template <class... Argument>
[[nodiscard]] c10::IValue call_quantised(const char* name, const char* overload, Argument&&... arguments) {
    std::vector<c10::IValue> stack{c10::IValue(std::forward<Argument>(arguments))...};
    c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).callBoxed(&stack);
    return std::move(stack.front());
}

/// Weight and bias of a convolution with its norm folded in.
struct folded_layer {
    at::Tensor weight, bias;
};
[[nodiscard]] inline folded_layer folded(const nn::convolution& c) {
    if (!c.norm) return {c.weight.detach(), at::zeros({c.weight.size(0)}, c.weight.options())};
    const auto factor = c.norm->weight.detach() / (c.norm->running_var + c.norm->epsilon).sqrt();
    return {c.weight.detach() * factor.reshape({-1, 1, 1, 1}), c.norm->bias.detach() - c.norm->running_mean * factor};
}

/// A step between the numbers of a layer's output, and the integer that stands for 0.
struct int8_range {
    double least = 0, greatest = 0; ///< 0 is always among the numbers

    void widen(const at::Tensor& x) {
        least = std::min(least, x.min().item<double>());
        greatest = std::max(greatest, x.max().item<double>());
    }
    [[nodiscard]] double step() const { return std::max((greatest - least) / 255, 1e-8); }
    [[nodiscard]] std::int64_t zero() const { return std::clamp<std::int64_t>(std::llround(-least / step()), 0, 255); }
};

/// Whether an engine computes a nonlinearity with the convolution before it. Others are computed in 32 bits, from a range of their own to another.
[[nodiscard]] constexpr bool fused(workload::nonlinearity act) noexcept {
    return act == workload::nonlinearity::relu || act == workload::nonlinearity::none;
}

/// Goes through a net: `ops` computes its layers in order.
template <class Ops>
[[nodiscard]] at::Tensor through(const nn::bottleneck_net& net, at::Tensor x, Ops& ops) {
    auto y = ops.convolve(net.stem, x);
    for (const auto& b : net.blocks) {
        const auto in = y;
        if (b.expansion) y = ops.convolve(*b.expansion, y);
        y = ops.convolve(b.depthwise, y);
        if (b.excitation) y = ops.excite(*b.excitation, y);
        y = ops.convolve(b.projection, y);
        if (b.shortcut) y = ops.add(y, in);
    }
    return ops.classify(net.classifier, ops.convolve(net.features, y));
}

/// Computes in 32 bits and notes the range of every output.
struct range_observer {
    std::vector<int8_range> ranges{};
    std::size_t next = 0;

    at::Tensor noted(at::Tensor y) {
        if (next == ranges.size()) ranges.emplace_back();
        ranges[next++].widen(y);
        return y;
    }
    [[nodiscard]] static at::Tensor conv(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, std::int64_t stride,
                                         std::int64_t groups) {
        const std::array strides{stride, stride}, padding{weight.size(2) / 2, weight.size(2) / 2}, dilation{std::int64_t{1}, std::int64_t{1}};
        return at::conv2d(x, weight, bias, strides, padding, dilation, groups);
    }
    at::Tensor activated(workload::nonlinearity act, at::Tensor y) {
        if (!fused(act)) y = noted(std::move(y));
        return noted(nn::activate(act, y));
    }
    at::Tensor convolve(const nn::convolution& c, const at::Tensor& x) {
        const auto f = folded(c);
        return activated(c.act, conv(x, f.weight, f.bias, c.stride, c.groups));
    }
    at::Tensor excite(const nn::squeeze_excitation& se, const at::Tensor& x) {
        const auto mean = at::adaptive_avg_pool2d(x, {1, 1});
        const auto squeezed = activated(se.act, conv(mean, se.reduce.weight, se.reduce.bias, 1, 1));
        const auto factors = noted(conv(squeezed, se.expand.weight, se.expand.bias, 1, 1));
        return noted(x * nn::activate(se.gate, factors));
    }
    at::Tensor add(const at::Tensor& y, const at::Tensor& x) { return noted(y + x); }
    at::Tensor classify(const nn::affine& a, const at::Tensor& x) {
        return noted(at::linear(noted(x.mean(at::IntArrayRef{2, 3})), a.weight, a.bias));
    }
};

/// A layer as its engine has it.
struct int8_layer {
    c10::IValue weights{}; ///< packed by the engine
    double step = 1;
    std::int64_t zero = 0;
};

/// Weights by channel, symmetric about 0, in 8 bits.
[[nodiscard]] inline at::Tensor int8_weight(const at::Tensor& weight) {
    const auto steps = (weight.flatten(1).abs().amax(1) / 127).clamp_min(1e-8).to(at::kDouble);
    return at::quantize_per_channel(weight.contiguous(), steps, at::zeros({weight.size(0)}, at::kLong), 0, at::kQInt8);
}

/// Packs the layers of a net for the engine in use; computes nothing.
struct layer_packer {
    const std::vector<int8_range>& ranges;
    std::vector<int8_layer> layers{};

    void push(c10::IValue weights) {
        const auto& r = ranges.at(layers.size());
        layers.push_back({std::move(weights), r.step(), r.zero()});
    }
    void conv(workload::nonlinearity act, const at::Tensor& weight, const at::Tensor& bias, std::int64_t stride, std::int64_t groups) {
        const std::vector<std::int64_t> strides{stride, stride}, padding{weight.size(2) / 2, weight.size(2) / 2}, dilation{1, 1};
        push(call_quantised("quantized::conv2d_prepack", "", int8_weight(weight), bias, strides, padding, dilation, groups));
        if (!fused(act)) push({});
    }
    at::Tensor convolve(const nn::convolution& c, const at::Tensor& x) {
        const auto f = folded(c);
        conv(c.act, f.weight, f.bias, c.stride, c.groups);
        return x;
    }
    at::Tensor excite(const nn::squeeze_excitation& se, const at::Tensor& x) {
        conv(se.act, se.reduce.weight.detach(), se.reduce.bias.detach(), 1, 1);
        conv(workload::nonlinearity::none, se.expand.weight.detach(), se.expand.bias.detach(), 1, 1);
        push({});
        return x;
    }
    at::Tensor add(const at::Tensor& y, const at::Tensor&) {
        push({});
        return y;
    }
    at::Tensor classify(const nn::affine& a, const at::Tensor& x) {
        push({});
        push(call_quantised("quantized::linear_prepack", "", int8_weight(a.weight.detach()), a.bias.detach()));
        return x;
    }
};

/// Computes with the packed layers.
struct int8_ops {
    const std::vector<int8_layer>& layers;
    std::size_t next = 0;

    at::Tensor conv(workload::nonlinearity act, const at::Tensor& x) {
        const auto& l = layers[next++];
        const bool relu = act == workload::nonlinearity::relu;
        const auto y = call_quantised(relu ? "quantized::conv2d_relu" : "quantized::conv2d", "new", x, l.weights, l.step, l.zero).toTensor();
        if (fused(act)) return y;
        const auto& after = layers[next++];
        return at::quantize_per_tensor(nn::activate(act, y.dequantize()), after.step, after.zero, at::kQUInt8);
    }
    at::Tensor convolve(const nn::convolution& c, const at::Tensor& x) { return conv(c.act, x); }
    at::Tensor excite(const nn::squeeze_excitation& se, const at::Tensor& x) {
        const auto squeezed = conv(se.act, at::adaptive_avg_pool2d(x, {1, 1}));
        const auto factors = nn::activate(se.gate, conv(workload::nonlinearity::none, squeezed)); // both sigmoids know such numbers
        const auto& l = layers[next++];
        return call_quantised("quantized::mul", "", x, factors, l.step, l.zero).toTensor();
    }
    at::Tensor add(const at::Tensor& y, const at::Tensor& x) {
        const auto& l = layers[next++];
        return call_quantised("quantized::add", "", y, x, l.step, l.zero).toTensor();
    }
    at::Tensor classify(const nn::affine&, const at::Tensor& x) {
        // Means are in a narrower range than what they are of, whose steps would be too coarse for them.
        const auto& means = layers[next++];
        const auto features = at::quantize_per_tensor(x.dequantize().mean(at::IntArrayRef{2, 3}), means.step, means.zero, at::kQUInt8);
        const auto& l = layers[next++];
        return call_quantised("quantized::linear", "", features, l.weights, l.step, l.zero).toTensor();
    }
};

/// The layers of a net, packed for an engine that is in use from then on. @param input becomes the range of the images
template <class = instantiated_when_used>
[[nodiscard]] std::vector<int8_layer> packed_layers(const nn::bottleneck_net& net, const std::vector<at::Tensor>& calibration, at::QEngine engine,
                                                    int8_range& input) {
    if (calibration.empty()) throw input_error{"8-bit integers", "calibration", "at least one batch of images", "none"};
    const c10::AutoGradMode off{false};
    range_observer observer;
    for (const auto& images : calibration) {
        input.widen(images);
        observer.next = 0;
        static_cast<void>(through(net, images, observer));
    }
    at::globalContext().setQEngine(engine);
    layer_packer packer{observer.ranges};
    static_cast<void>(through(net, {}, packer));
    return std::move(packer.layers);
}
VERDANT_DEFINED_ONCE(std::vector<int8_layer> packed_layers<>(const nn::bottleneck_net&, const std::vector<at::Tensor>&, at::QEngine, int8_range&));

template <class = instantiated_when_used>
[[nodiscard]] at::Tensor int8_scores(const nn::bottleneck_net& net, const std::vector<int8_layer>& layers, const at::Tensor& images) {
    int8_ops ops{layers};
    return through(net, images, ops).dequantize();
}
VERDANT_DEFINED_ONCE(at::Tensor int8_scores<>(const nn::bottleneck_net&, const std::vector<int8_layer>&, const at::Tensor&));

} // namespace detail

/// A trained network in 8-bit integers: weights by output channel, symmetric; outputs of layers by layer, between the least and greatest number that
/// the calibration images gave (Jacob et al., CVPR 2018; Krishnamoorthi, arXiv 1806.08342). Norms are folded into convolutions. A back end of
/// measurements.
class int8_net {
public:
    using batch_type = at::Tensor; ///< 8-bit integers, see `place`

    /// @param calibration batches of images [B, 3, S, S] that ranges are taken from; Accel-NASBench takes 150 images in batches of 32
    /// @throws input_error if there are no images, or no engine
    int8_net(bottleneck_net net, const std::vector<at::Tensor>& calibration)
        : net_{std::move(net)}, engine_{int8_engine()}, layers_{detail::packed_layers(net_, calibration, engine_, input_)} {}

    /// Images of 32 bits as `run` takes them.
    [[nodiscard]] at::Tensor place(const at::Tensor& images) const {
        return at::quantize_per_tensor(images.contiguous(at::MemoryFormat::ChannelsLast), input_.step(), input_.zero(), at::kQUInt8);
    }
    void run(const at::Tensor& images) { last_ = scores(images); }
    static void wait() {}
    /// The processor and the engine on it.
    [[nodiscard]] std::string name() const { return device_name(at::kCPU) + ", int8 by " + engine(); }
    [[nodiscard]] std::string engine() const { return engine_name(engine_); }
    [[nodiscard]] static std::int64_t images(const at::Tensor& batch) { return batch.size(0); }

    /// Logits [B, classes] in 32 bits of images as `place` gives them.
    [[nodiscard]] at::Tensor scores(const at::Tensor& images) const {
        const c10::AutoGradMode off{false};
        if (at::globalContext().qEngine() != engine_) at::globalContext().setQEngine(engine_);
        return detail::int8_scores(net_, layers_, images);
    }
    /// What the last run gave.
    [[nodiscard]] const at::Tensor& output() const noexcept { return last_; }

private:
    bottleneck_net net_;
    at::QEngine engine_;
    detail::int8_range input_;
    std::vector<detail::int8_layer> layers_;
    at::Tensor last_;
};

} // namespace verdant::nn
