#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution_1d.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/mnasnet.hpp>
#include <verdant/workload/convnet/mobile_net_1d.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

/// Accel-NASBench's networks for signals (ANB-DatasetCollection: {ecg,satellite,deepsea}-code, models/accelbenchnet_1d*.py).
namespace verdant::nn {

/// An inverted bottleneck over signals.
struct mbconv_1d {
    std::optional<convolution_1d> expansion; ///< none where the block does not widen its input
    convolution_1d depthwise;
    convolution_1d projection;
    bool shortcut = false;
    double stochastic_depth = 0; ///< share of samples that pass by the shortcut alone in training
};

/// x [B, in, L].
template <forward_mode Mode>
[[nodiscard]] at::Tensor forward(const mbconv_1d& b, const at::Tensor& x, Mode& mode) {
    const auto y = forward(b.projection, forward(b.depthwise, b.expansion ? forward(*b.expansion, x) : x));
    if (!b.shortcut) return y;
    if constexpr (requires { mode.drop_samples(y, b.stochastic_depth); }) return mode.drop_samples(y, b.stochastic_depth) + x;
    else return y + x;
}

/// A classifier of signals: a plain struct of tensors, without norms.
struct mobile_net_1d {
    convolution_1d stem;
    std::vector<std::vector<mbconv_1d>> blocks; ///< layers by block
    convolution_1d head;
    affine classifier;    ///< [classes, F], [classes]
    double dropout = 0.2; ///< share of the classifier's inputs that is dropped in training
};

/// Logits [B, classes] of signals x [B, channels, L].
template <forward_mode Mode>
[[nodiscard]] at::Tensor forward(const mobile_net_1d& net, const at::Tensor& x, Mode&& mode) {
    auto y = forward(net.stem, x);
    for (const auto& layers : net.blocks)
        for (const auto& layer : layers) y = forward(layer, y, mode);
    const auto features = forward(net.head, y).mean(at::IntArrayRef{2});
    return at::linear(mode.drop(features, net.dropout), net.classifier.weight, net.classifier.bias);
}

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(nn::mobile_net_1d& net, tensor_visitor visit) {
    visit_numbered_affine(net.stem, "features.0.0.", visit);
    for (std::size_t b = 0; b < net.blocks.size(); ++b)
        for (std::size_t j = 0; j < net.blocks[b].size(); ++j) {
            auto& layer = net.blocks[b][j];
            int member = 0;
            const auto next = [&] { return "features." + std::to_string(b + 1) + '.' + std::to_string(j) + ".block." + std::to_string(member++) + ".0."; };
            if (layer.expansion) visit_numbered_affine(*layer.expansion, next(), visit);
            visit_numbered_affine(layer.depthwise, next(), visit);
            visit_numbered_affine(layer.projection, next(), visit);
        }
    visit_numbered_affine(net.head, "features." + std::to_string(net.blocks.size() + 1) + ".0.", visit);
    visit_numbered_affine(net.classifier, "classifier.1.", visit);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(nn::mobile_net_1d&, tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor, trained)` for every tensor of the net under its name in Accel-NASBench's checkpoints, in their order.
template <class Net, class Visitor>
    requires std::same_as<std::remove_const_t<Net>, mobile_net_1d>
void for_each_tensor(Net& net, Visitor&& visit) {
    detail::visit_tensors(const_cast<mobile_net_1d&>(net), detail::tensor_visitor::of<Net>(visit));
}

/// The net of a description such as `spaces::net_of(point, task)` gives, with weights of no particular content.
/// @param stochastic_depth as of `empty_mnasnet`
/// @pre the stages of the blocks are 0, 1, ... in order
template <class = instantiated_when_used>
[[nodiscard]] mobile_net_1d empty_mobile_net_1d(const workload::mobile_net_1d& d, double stochastic_depth = 0.2, const at::TensorOptions& o = at::kFloat) {
    const auto layer = [&o](const workload::conv_layer& l) { return empty_convolution_1d(l.in, l.out, l.kernel, l.stride, 1, l.act, o); };
    mobile_net_1d net;
    net.stem = layer(d.first_conv);
    double passed = 0;
    for (const auto& b : d.blocks) {
        if (b.stage >= static_cast<int>(net.blocks.size())) net.blocks.emplace_back();
        auto& block = net.blocks.back().emplace_back();
        if (b.expands()) block.expansion = layer({.in = b.in, .out = b.mid, .act = b.act});
        block.depthwise = empty_convolution_1d(b.mid, b.mid, b.kernel, b.stride, b.mid, b.act, o);
        block.projection = layer({.in = b.mid, .out = b.out});
        block.shortcut = b.shortcut;
        block.stochastic_depth = stochastic_depth * passed++ / static_cast<double>(d.blocks.size());
    }
    net.head = layer(d.last_conv);
    net.classifier = {at::empty({d.classes, d.last_conv.out}, o), at::empty({d.classes}, o)};
    return net;
}
VERDANT_DEFINED_ONCE(mobile_net_1d empty_mobile_net_1d<>(const workload::mobile_net_1d&, double, const at::TensorOptions&));

/// First weights, by the rules of `initialise` for `mnasnet`.
inline void initialise(mobile_net_1d& net, std::uint64_t seed = 0) { detail::initialise_as_published(net, seed, 3); }

} // namespace verdant::nn
