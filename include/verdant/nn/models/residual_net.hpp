#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/classifier_head.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_tensors.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>
#include <verdant/workload/convnet/residual_net.hpp>

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// ResNet-D.
namespace verdant::nn {

/// How the input of a residual block reaches its sum where it cannot as it is: averaged over squares of the stride's side, those at the border as
/// far as they reach, then a 1x1 convolution with norm. Without squares, the convolution has the stride.
struct residual_shortcut {
    convolution layer;
    std::int64_t pooled = 1; ///< side of the squares
};

/// A bottleneck of a residual net: 1x1, 3x3 with the stride, 1x1 without nonlinearity, and the input; ReLU after the sum.
struct bottleneck {
    convolution reduce, middle, expand;
    std::optional<residual_shortcut> shortcut; ///< none: the input as it is
};

/// A classifier of ResNet-D's family: a plain struct of tensors. The stem's middle layer is residual, and may be missing.
struct residual_net {
    convolution first_conv;
    std::optional<convolution> stem_residual;
    convolution last_conv;
    std::vector<bottleneck> blocks;
    affine classifier; ///< [classes, F], [classes]
    double dropout = 0;
    std::vector<affine> other_heads{}; ///< as of `mobile_net`
};

/// x [B, in, H, W].
template <forward_mode Mode>
[[nodiscard]] at::Tensor forward(const bottleneck& b, const at::Tensor& x, Mode& mode) {
    auto y = forward(b.expand, forward(b.middle, forward(b.reduce, x, mode), mode), mode);
    if (!b.shortcut) return at::relu(y + x);
    const std::array side{b.shortcut->pooled, b.shortcut->pooled};
    const auto input = b.shortcut->pooled == 1 ? x : at::avg_pool2d(x, side, side, std::array<std::int64_t, 2>{0, 0}, true);
    return at::relu(y + forward(b.shortcut->layer, input, mode));
}

/// Logits [B, classes] of images x [B, 3, H, W]; [B, heads, classes] of a net with several heads. @param observe called as `observe(layer, output)`
/// after every layer
template <forward_mode Mode, std::invocable<const std::string&, const at::Tensor&> Observe = no_layer_observer>
[[nodiscard]] at::Tensor forward(const residual_net& net, const at::Tensor& x, Mode&& mode, Observe&& observe = {}) {
    auto y = forward(net.first_conv, x, mode);
    observe("input_stem.0", y);
    if (net.stem_residual) {
        y = forward(*net.stem_residual, y, mode) + y;
        observe("input_stem.1", y);
    }
    y = forward(net.last_conv, y, mode);
    observe(net.stem_residual ? "input_stem.2" : "input_stem.1", y);
    const auto square = [](std::int64_t side) { return std::array{side, side}; };
    y = at::max_pool2d(y, square(3), square(2), square(1));
    for (std::size_t i = 0; i < net.blocks.size(); ++i) {
        y = forward(net.blocks[i], y, mode);
        observe("blocks." + std::to_string(i), y);
    }
    y = detail::mean_of_map(y).flatten(1);
    return detail::classify(net, y, mode);
}

namespace detail {

/// Visits a residual net under the names of static nets, or of elastic ones.
template <class Net, class Visitor>
void visit_residual_net(Net& net, const tensor_names& names, const std::string& classifier, Visitor& visit) {
    std::size_t layer = 0;
    const auto stem = [&layer] { return "input_stem." + std::to_string(layer++) + "."; };
    visit_convolution(net.first_conv, stem(), names, visit);
    if (net.stem_residual) visit_convolution(*net.stem_residual, stem() + "conv.", names, visit);
    visit_convolution(net.last_conv, stem(), names, visit);
    for (std::size_t i = 0; i < net.blocks.size(); ++i) {
        auto& b = net.blocks[i];
        const auto prefix = "blocks." + std::to_string(i) + ".";
        visit_convolution(b.reduce, prefix + "conv1.", names, visit);
        visit_convolution(b.middle, prefix + "conv2.", names, visit);
        visit_convolution(b.expand, prefix + "conv3.", names, visit);
        if (b.shortcut) visit_convolution(b.shortcut->layer, prefix + "downsample.", names, visit);
    }
    visit_classifier(net, classifier, visit);
}

} // namespace detail

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(nn::residual_net& net, tensor_visitor visit) {
    visit_residual_net(net, plain_names, "classifier.linear.", visit);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(nn::residual_net&, tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor, trained)` for every tensor of the net under its name in the originals' checkpoints, in their order.
template <class Net, class Visitor>
    requires std::same_as<std::remove_const_t<Net>, residual_net>
void for_each_tensor(Net& net, Visitor&& visit) {
    detail::visit_tensors(const_cast<residual_net&>(net), detail::tensor_visitor::of<Net>(visit));
}

/// A net of this description with weights of no particular content.
template <class = instantiated_when_used>
[[nodiscard]] residual_net empty_residual_net(const workload::residual_net& d, const at::TensorOptions& o = at::kFloat) {
    const auto layer = [&](int in, int out, int kernel, int stride, workload::nonlinearity act) {
        return empty_convolution({in, out, kernel, stride, 1, act, true, d.bn_momentum, d.bn_eps, d.gn_channels, d.ws_eps}, o);
    };
    const auto like = [&](const workload::conv_layer& c) { return layer(c.in, c.out, c.kernel, c.stride, c.act); };
    using enum workload::nonlinearity;
    residual_net net{like(d.first_conv), std::nullopt, like(d.last_conv), {}, {}, 0, {}};
    if (d.stem_residual) net.stem_residual = layer(d.first_conv.out, d.first_conv.out, 3, 1, d.first_conv.act);
    int width = d.last_conv.out;
    for (const auto& b : d.blocks) {
        bottleneck block{layer(b.in, b.mid, 1, 1, relu), layer(b.mid, b.mid, b.kernel, b.stride, relu), layer(b.mid, b.out, 1, 1, none),
                         std::nullopt};
        if (b.shortcut == workload::downsample::conv) block.shortcut = {layer(b.in, b.out, 1, b.stride, none), 1};
        else if (b.shortcut == workload::downsample::avgpool_conv) block.shortcut = {layer(b.in, b.out, 1, 1, none), b.stride};
        net.blocks.push_back(std::move(block));
        width = b.out;
    }
    detail::set_empty_classifier(net, width, d.classes, d.heads, o);
    return net;
}
VERDANT_DEFINED_ONCE(residual_net empty_residual_net<>(const workload::residual_net&, const at::TensorOptions&));

} // namespace verdant::nn
