#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/mbconv.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_tensors.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

/// Accel-NASBench's networks of MnasNet's space (ANB-DatasetCollection: models/accelbenchnet.py, models/ops/misc.py).
namespace verdant::nn {

/// A classifier of images, the network of a `point<spaces::mnasnet>`: a plain struct of tensors, as `mobile_net` is, with the names of other
/// checkpoints.
struct mnasnet {
    convolution stem;
    std::vector<std::vector<mbconv>> blocks; ///< layers by block
    convolution head;
    affine classifier;    ///< [classes, F], [classes]
    double dropout = 0.2; ///< share of the classifier's inputs that is dropped in training
};

/// Logits [B, classes] of images x [B, 3, H, W].
/// @param observe called as `observe(stage, output)` after every stage, by the names of checkpoints: `features.0`, ..., `features.8`
template <forward_mode Mode, std::invocable<const std::string&, const at::Tensor&> Observe = no_layer_observer>
[[nodiscard]] at::Tensor forward(const mnasnet& net, const at::Tensor& x, Mode&& mode, Observe&& observe = {}) {
    std::size_t stage = 0;
    const auto observed = [&](const at::Tensor& y) { observe("features." + std::to_string(stage++), y); };
    auto y = forward(net.stem, x, mode);
    observed(y);
    for (const auto& layers : net.blocks) {
        for (const auto& layer : layers) y = forward(layer, y, mode);
        observed(y);
    }
    y = forward(net.head, y, mode);
    observed(y);
    const auto features = y.mean(at::IntArrayRef{2, 3});
    return at::linear(mode.drop(features, net.dropout), net.classifier.weight, net.classifier.bias);
}

namespace detail {

/// Layers in a list are called by their numbers: the convolution is 0, its norm 1.
inline constexpr tensor_names numbered_names{"0.", "1."};

template <class Layer, class Visitor>
void visit_numbered_affine(Layer& layer, const std::string& prefix, Visitor& visit) {
    visit(prefix + "weight", layer.weight, true);
    visit(prefix + "bias", layer.bias, true);
}

/// The members of a block are numbered in their order, those that are there.
template <class Block, class Visitor>
void visit_numbered_mbconv(Block& b, const std::string& prefix, Visitor& visit) {
    int member = 0;
    const auto next = [&] { return prefix + "block." + std::to_string(member++) + '.'; };
    if (b.expansion) visit_convolution(*b.expansion, next(), numbered_names, visit);
    visit_convolution(b.depthwise, next(), numbered_names, visit);
    if (b.excitation) {
        const auto name = next();
        visit_numbered_affine(b.excitation->reduce, name + "fc1.", visit);
        visit_numbered_affine(b.excitation->expand, name + "fc2.", visit);
    }
    visit_convolution(b.projection, next(), numbered_names, visit);
}

} // namespace detail

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(nn::mnasnet& net, tensor_visitor visit) {
    visit_convolution(net.stem, "features.0.", numbered_names, visit);
    for (std::size_t b = 0; b < net.blocks.size(); ++b)
        for (std::size_t j = 0; j < net.blocks[b].size(); ++j)
            visit_numbered_mbconv(net.blocks[b][j], "features." + std::to_string(b + 1) + '.' + std::to_string(j) + '.', visit);
    visit_convolution(net.head, "features." + std::to_string(net.blocks.size() + 1) + '.', numbered_names, visit);
    visit_numbered_affine(net.classifier, "classifier.1.", visit);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(nn::mnasnet&, tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor, trained)` for every tensor of the net under its name in Accel-NASBench's checkpoints, in their order; the statistics of
/// norms are not trained.
template <class Net, class Visitor>
    requires std::same_as<std::remove_const_t<Net>, mnasnet>
void for_each_tensor(Net& net, Visitor&& visit) {
    detail::visit_tensors(const_cast<mnasnet&>(net), detail::tensor_visitor::of<Net>(visit));
}

/// The net of a description such as `spaces::net_of(point)` gives, with weights of no particular content.
/// @param stochastic_depth share of the samples that would pass by the shortcut alone behind the last layer; it grows evenly from the first one on
/// @pre the stages of the blocks are 0, 1, ... in order, and there is no final expansion
template <class = instantiated_when_used>
[[nodiscard]] mnasnet empty_mnasnet(const workload::mobile_net& d, double stochastic_depth = 0.2, const at::TensorOptions& o = at::kFloat) {
    mnasnet net;
    net.stem = detail::empty_layer(d.first_conv, d, o);
    double passed = 0;
    for (const auto& b : d.blocks) {
        if (b.stage >= static_cast<int>(net.blocks.size())) net.blocks.emplace_back();
        auto& layer = net.blocks.back().emplace_back(detail::empty_block(b, d, o));
        layer.stochastic_depth = stochastic_depth * passed++ / static_cast<double>(d.blocks.size());
    }
    net.head = detail::empty_layer(d.feature_mix, d, o);
    net.classifier = {at::empty({d.classes, d.feature_mix.out}, o), at::empty({d.classes}, o)};
    return net;
}
VERDANT_DEFINED_ONCE(mnasnet empty_mnasnet<>(const workload::mobile_net&, double, const at::TensorOptions&));

/// The same network as a `mobile_net` that shares its tensors, for what takes such nets and the names of their layers, as `workload::to_onnx` does
/// with `spaces::net_of(point)` and `state_of(as_mobile_net(net))`.
[[nodiscard]] inline mobile_net as_mobile_net(const mnasnet& net) {
    mobile_net same;
    same.first_conv = net.stem;
    same.feature_mix = net.head;
    same.classifier = net.classifier;
    same.dropout = net.dropout;
    for (const auto& layers : net.blocks) same.blocks.insert(same.blocks.end(), layers.begin(), layers.end());
    return same;
}

namespace detail {

/// Accel-NASBench's first weights. PyTorch's own, which a network has before these, draw from the same stream, and so are drawn here for nothing:
/// uniform numbers for the weights and biases of all layers but norms.
/// @param dimensions of the weights of convolutions
template <class Net>
void initialise_as_published(Net& net, std::uint64_t seed, std::int64_t dimensions) {
    const c10::AutoGradMode off{false};
    auto stream = nn::generator(seed);
    // A seed gives the same weights on all devices and in all types.
    const auto drawn = [](const at::Tensor& t) { return at::empty(t.sizes(), at::kFloat); };
    std::string layer;
    for_each_tensor(net, [&](const std::string& name, at::Tensor& t, bool trained) {
        if (!trained) return;
        const auto of = name.substr(0, name.rfind('.'));
        if (t.dim() > 1) layer = of;
        if (of == layer) drawn(t).uniform_(0, 1, stream);
    });
    for_each_tensor(net, [&](const std::string& name, at::Tensor& t, bool) {
        if (t.dim() == dimensions) {
            const double outputs = static_cast<double>(t.numel() / t.size(1)); // of all filters, groups not counted
            t.copy_(drawn(t).normal_(0, std::sqrt(2 / outputs), stream));
        } else if (t.dim() == 2) {
            const double bound = 1 / std::sqrt(static_cast<double>(t.size(0)));
            t.copy_(drawn(t).uniform_(-bound, bound, stream));
        } else {
            t.fill_(name.ends_with(".weight") || name.ends_with("running_var") ? 1 : 0);
        }
    });
}

} // namespace detail

/// First weights: those of convolutions normal with variance 2 / (outputs * kernel^2), groups not counted, those of the classifier uniform within
/// 1 / sqrt(classes); norms the identity, biases zero. A seed gives what the original has after `torch.manual_seed(seed)`, in 32 bits.
template <class = instantiated_when_used>
void initialise(mnasnet& net, std::uint64_t seed = 0) {
    detail::initialise_as_published(net, seed, 4);
}
VERDANT_DEFINED_ONCE(void initialise<>(mnasnet&, std::uint64_t));

} // namespace verdant::nn
