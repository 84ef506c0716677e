#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/classifier_head.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/mbconv.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>
#include <verdant/nn/models/net_tensors.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace verdant::nn {

/// A classifier of MobileNet's family: a plain struct of tensors. Copies share their tensors as tensors do; `clone` copies them. A part of a
/// supernet is one too, of views.
struct mobile_net {
    convolution first_conv;
    std::vector<mbconv> blocks;
    std::optional<convolution> final_expand; ///< with it, as in MobileNetV3, the map is averaged before `feature_mix`; without, after
    convolution feature_mix;
    affine classifier; ///< [classes, F], [classes]
    double dropout = 0; ///< share of the classifier's inputs that is dropped in training
    std::vector<affine> other_heads{}; ///< of a classifier with several heads: those behind `classifier`, which is the first one
};

/// An observer of layers that looks at none.
struct no_layer_observer {
    void operator()(const std::string&, const at::Tensor&) const {}
};

namespace detail {

// Mean over the width, then over the height: sums are formed in the order in which the original forms them.
[[nodiscard]] inline at::Tensor mean_of_map(const at::Tensor& x) { return x.mean(at::IntArrayRef{3}, true).mean(at::IntArrayRef{2}, true); }

} // namespace detail

/// Logits [B, classes] of images x [B, 3, H, W]; [B, heads, classes] of a net with several heads.
/// @param observe called as `observe(layer, output)` after every layer, by the names of checkpoints: `first_conv`, `blocks.0`, ...
template <forward_mode Mode, std::invocable<const std::string&, const at::Tensor&> Observe = no_layer_observer>
[[nodiscard]] at::Tensor forward(const mobile_net& net, const at::Tensor& x, Mode&& mode, Observe&& observe = {}) {
    auto y = forward(net.first_conv, x, mode);
    observe("first_conv", y);
    for (std::size_t i = 0; i < net.blocks.size(); ++i) {
        y = forward(net.blocks[i], y, mode);
        observe("blocks." + std::to_string(i), y);
    }
    if (net.final_expand) {
        y = forward(*net.final_expand, y, mode);
        observe("final_expand_layer", y);
        y = detail::mean_of_map(y);
    }
    y = forward(net.feature_mix, y, mode);
    observe("feature_mix_layer", y);
    if (!net.final_expand) y = detail::mean_of_map(y);
    return detail::classify(net, y.flatten(1), mode);
}

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(nn::mobile_net& net, tensor_visitor visit) {
    visit_convolution(net.first_conv, "first_conv.", plain_names, visit);
    for (std::size_t i = 0; i < net.blocks.size(); ++i) visit_mbconv(net.blocks[i], "blocks." + std::to_string(i) + ".conv.", plain_names, visit);
    if (net.final_expand) visit_convolution(*net.final_expand, "final_expand_layer.", plain_names, visit);
    visit_convolution(net.feature_mix, "feature_mix_layer.", plain_names, visit);
    visit_classifier(net, "classifier.linear.", visit);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(nn::mobile_net&, tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor, trained)` for every tensor of the net under its name in the originals' checkpoints, in their order; the
/// statistics of norms are not trained.
template <class Net, class Visitor>
    requires std::same_as<std::remove_const_t<Net>, mobile_net>
void for_each_tensor(Net& net, Visitor&& visit) {
    detail::visit_tensors(const_cast<mobile_net&>(net), detail::tensor_visitor::of<Net>(visit));
}

namespace detail {

[[nodiscard]] inline nn::convolution empty_layer(const workload::conv_layer& l, const workload::mobile_net& net, const at::TensorOptions& o) {
    return nn::empty_convolution({.in = l.in,
                                  .out = l.out,
                                  .kernel = l.kernel,
                                  .stride = l.stride,
                                  .act = l.act,
                                  .norm = l.batch_norm,
                                  .momentum = net.bn_momentum,
                                  .epsilon = net.bn_eps,
                                  .norm_group = net.gn_channels,
                                  .standardise = net.ws_eps},
                                 o);
}

[[nodiscard]] inline nn::mbconv empty_block(const workload::mobile_block& b, const workload::mobile_net& net, const at::TensorOptions& o) {
    const auto layer = [&](int in, int out, int kernel, int stride, int groups, workload::nonlinearity act) {
        return nn::empty_convolution({in, out, kernel, stride, groups, act, true, net.bn_momentum, net.bn_eps, net.gn_channels, net.ws_eps}, o);
    };
    nn::mbconv block;
    if (b.expands()) block.expansion = layer(b.in, b.mid, 1, 1, 1, b.act);
    block.depthwise = layer(b.mid, b.mid, b.kernel, b.stride, b.mid, b.act);
    if (b.se) {
        block.excitation = nn::empty_squeeze_excitation(b.mid, workload::squeezed_channels(b), o);
        block.excitation->act = b.squeeze_act;
        block.excitation->gate = b.gate;
    }
    block.projection = layer(b.mid, b.out, 1, 1, 1, workload::nonlinearity::none);
    block.shortcut = b.shortcut;
    return block;
}

} // namespace detail

/// A net of this description with weights of no particular content; on at::kMeta it has shapes only and costs nothing.
template <class = instantiated_when_used>
[[nodiscard]] mobile_net empty_mobile_net(const workload::mobile_net& d, const at::TensorOptions& o = at::kFloat) {
    mobile_net net;
    net.first_conv = detail::empty_layer(d.first_conv, d, o);
    for (const auto& b : d.blocks) net.blocks.push_back(detail::empty_block(b, d, o));
    if (d.has_final_expand()) net.final_expand = detail::empty_layer(d.final_expand, d, o);
    net.feature_mix = detail::empty_layer(d.feature_mix, d, o);
    detail::set_empty_classifier(net, d.feature_mix.out, d.classes, d.heads, o);
    return net;
}
VERDANT_DEFINED_ONCE(mobile_net empty_mobile_net<>(const workload::mobile_net&, const at::TensorOptions&));

} // namespace verdant::nn
