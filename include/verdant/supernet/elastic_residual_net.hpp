#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/elastic_layers.hpp>
#include <verdant/nn/models/net_tensors.hpp>
#include <verdant/nn/models/residual_net.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/workload/convnet/residual_net.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

namespace verdant::supernet {

/// The weights that all sub-networks of a ResNet50D-type supernet share: those of the largest one.
struct elastic_residual_net {
    nn::residual_net whole;
};

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(elastic_residual_net& net, nn::detail::tensor_visitor visit) {
    verdant::nn::detail::visit_residual_net(net.whole, verdant::nn::detail::elastic_names, "classifier.linear.linear.", visit);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(elastic_residual_net&, nn::detail::tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor, trained)` for every tensor under its name in the original's supernet, in its order.
template <class Net, class Visitor>
    requires std::same_as<std::remove_const_t<Net>, elastic_residual_net>
void for_each_tensor(Net& net, Visitor&& visit) {
    verdant::supernet::detail::visit_tensors(const_cast<elastic_residual_net&>(net), nn::detail::tensor_visitor::of<Net>(visit));
}

/// The sub-network with the largest value of everything.
[[nodiscard]] constexpr spaces::resnet_arch largest_arch(const spaces::resnet_family& f, double widest_ratio = 0.35, int image_size = 224) {
    spaces::resnet_arch a;
    a.d.fill(f.most_extra);
    a.e.fill(widest_ratio);
    a.w.fill(static_cast<int>(f.multipliers.size()) - 1);
    a.image_size = image_size;
    return a;
}

/// A sub-network as a static net that shares the supernet's weights: the first blocks of every stage with their first channels; its outputs are the
/// supernet's with that sub-network active.
/// @throws input_error if a depth or an index of a width is out of range
template <class = instantiated_when_used>
[[nodiscard]] nn::residual_net active_net(const elastic_residual_net& net, const spaces::resnet_family& f, const spaces::resnet_arch& a) {
    const auto shape = spaces::net_of(f, a);
    const auto part = [](const nn::convolution& c, int in, int out) { return nn::leading(c, in, out); };
    const auto inner = shape.first_conv.out;
    nn::residual_net out = net.whole;
    out.first_conv = part(net.whole.first_conv, shape.first_conv.in, inner);
    if (shape.stem_residual) out.stem_residual = part(*net.whole.stem_residual, inner, inner);
    else out.stem_residual.reset();
    out.last_conv = part(net.whole.last_conv, inner, shape.last_conv.out);
    out.blocks.clear();
    int width = shape.last_conv.out;
    for (std::size_t i = 0; i < shape.blocks.size(); ++i) {
        const auto& b = shape.blocks[i];
        // Blocks of a stage follow each other; their places in the deepest network start at the stage's offset.
        std::size_t first = i;
        while (first > 0 && shape.blocks[first - 1].stage == b.stage) --first;
        auto block = net.whole.blocks[static_cast<std::size_t>(f.block_offset(b.stage)) + i - first];
        block.reduce = part(block.reduce, b.in, b.mid);
        block.middle = part(block.middle, b.mid, b.mid);
        block.expand = part(block.expand, b.mid, b.out);
        if (block.shortcut) block.shortcut->layer = part(block.shortcut->layer, b.in, b.out);
        out.blocks.push_back(std::move(block));
        width = b.out;
    }
    out.classifier = nn::leading(net.whole.classifier, width, shape.classes);
    for (auto& head : out.other_heads) head = nn::leading(head, width, shape.classes);
    return out;
}
VERDANT_DEFINED_ONCE(nn::residual_net active_net<>(const elastic_residual_net&, const spaces::resnet_family&, const spaces::resnet_arch&));

} // namespace verdant::supernet
