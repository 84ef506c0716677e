#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/tensor_visitor.hpp>
#include <verdant/nn/layers/classifier_head.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/elastic_kernel.hpp>
#include <verdant/nn/layers/mbconv.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_tensors.hpp>
#include <verdant/spaces/once_for_all/elastic_arch.hpp>
#include <verdant/spaces/once_for_all/mobile_family.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant::supernet {

/// The weights that all sub-networks of a MobileNetV3- or ProxylessNAS-type supernet share: those of the largest one, and the matrices that make
/// large kernels small ones. Its first block is fixed.
struct elastic_mobile_net {
    nn::mobile_net whole;
    std::vector<std::vector<nn::kernel_step>> steps; ///< of each block; none for the first one
};

/// What an active expansion ratio of 1 means in a supernet whose blocks have expansions.
enum class ratio_one : unsigned char {
    expands, ///< the first channels of the expansion are computed, as the originals' supernets do; an extracted sub-network has no expansion, so
             ///< its outputs are others
    passes,  ///< the expansion is left out, as in the extracted sub-network
};

/// How a smaller kernel comes out of a larger one.
enum class kernel_transform : unsigned char {
    matrices, ///< its centre, times a matrix that is trained, as in the published supernets
    centre,   ///< its centre (`KERNEL_TRANSFORM_MODE = None`)
};

/// Weights of no particular content and matrices that are the identity, in the shape of its largest sub-network.
/// @param kernels sizes of elastic kernels, odd, in any order; none for kernels that are centres of the largest
template <class = instantiated_when_used>
[[nodiscard]] elastic_mobile_net empty_elastic_net(const workload::mobile_net& largest, std::span<const int> kernels,
                                                   const at::TensorOptions& o = at::kFloat) {
    elastic_mobile_net net{nn::empty_mobile_net(largest, o), {{}}};
    for (std::size_t i = 1; i < net.whole.blocks.size(); ++i) net.steps.push_back(nn::identity_steps(kernels, o));
    return net;
}
VERDANT_DEFINED_ONCE(elastic_mobile_net empty_elastic_net<>(const workload::mobile_net&, std::span<const int>, const at::TensorOptions&));

namespace detail {

template <class = instantiated_when_used>
void visit_tensors(elastic_mobile_net& net, nn::detail::tensor_visitor visit) {
    nn::detail::visit_convolution(net.whole.first_conv, "first_conv.", nn::detail::plain_names, visit);
    for (std::size_t i = 0; i < net.whole.blocks.size(); ++i) {
        const auto matrices = [&steps = net.steps[i]](const std::string& prefix, auto& to) {
            for (std::size_t s = steps.size(); s-- > 0;) to(prefix + steps[s].name(), steps[s].matrix, true);
        };
        nn::detail::visit_mbconv(net.whole.blocks[i], "blocks." + std::to_string(i) + ".conv.", i == 0 ? nn::detail::plain_names : nn::detail::elastic_names,
                             visit, matrices);
    }
    if (net.whole.final_expand) nn::detail::visit_convolution(*net.whole.final_expand, "final_expand_layer.", nn::detail::plain_names, visit);
    nn::detail::visit_convolution(net.whole.feature_mix, "feature_mix_layer.", nn::detail::plain_names, visit);
    nn::detail::visit_classifier(net.whole, "classifier.linear.", visit);
}
VERDANT_DEFINED_ONCE(void visit_tensors<>(elastic_mobile_net&, nn::detail::tensor_visitor));

} // namespace detail

/// Calls `visit(name, tensor, trained)` for every tensor under its name in the originals' supernets, in their order.
template <class Net, class Visitor>
    requires std::same_as<std::remove_const_t<Net>, elastic_mobile_net>
void for_each_tensor(Net& net, Visitor&& visit) {
    verdant::supernet::detail::visit_tensors(const_cast<elastic_mobile_net&>(net), nn::detail::tensor_visitor::of<Net>(visit));
}

/// The block with a smaller kernel and ratio that lives in an elastic one: the first channels, and transformed depthwise kernels. What is
/// transformed, or narrowed to fewer inputs, is a copy of the moment; training it trains the elastic one all the same.
/// @param expand ratio of inner to input channels @param one whether a block of ratio 1 has an expansion
template <class = instantiated_when_used>
[[nodiscard]] nn::mbconv active_block(const nn::mbconv& whole, std::span<const nn::kernel_step> steps, int kernel, double expand,
                                      ratio_one one) {
    const auto& entry = whole.expansion ? *whole.expansion : whole.depthwise;
    const auto in = nn::channels_in(entry), out = nn::channels_out(whole.projection);
    const int mid = workload::mid_channels(static_cast<int>(in), expand);
    nn::mbconv part = whole;
    if (one != ratio_one::expands && expand == 1) part.expansion.reset();
    else if (whole.expansion) part.expansion = nn::leading(*whole.expansion, in, mid);
    part.depthwise = nn::leading(whole.depthwise, 1, mid);
    part.depthwise.groups = mid;
    part.depthwise.weight = nn::transformed_kernels(part.depthwise.weight, steps, kernel);
    if (whole.excitation) part.excitation = nn::leading(*whole.excitation, mid, workload::squeezed_channels(mid));
    part.projection = nn::leading(whole.projection, mid, out);
    return part;
}
VERDANT_DEFINED_ONCE(nn::mbconv active_block<>(const nn::mbconv&, std::span<const nn::kernel_step>, int, double, ratio_one));

namespace detail {

/// What `active_net` gives, of a sub-network whose lists may have any lengths.
template <class = instantiated_when_used>
[[nodiscard]] nn::mobile_net active_mobile_net(const elastic_mobile_net& net, const spaces::mobile_family& f, std::span<const int> kernels,
                                               std::span<const double> expands, std::span<const int> depths, ratio_one one) {
    nn::mobile_net out = net.whole;
    out.blocks.resize(1);
    for (std::size_t s = 0; s < depths.size(); ++s) {
        if (depths[s] < 1 || depths[s] > f.stages[s].blocks)
            throw input_error{"sub-network", "d[" + std::to_string(s) + "]", "a depth from 1 to " + std::to_string(f.stages[s].blocks),
                              std::to_string(depths[s])};
        for (int j = 0; j < depths[s]; ++j) {
            const auto i = static_cast<std::size_t>(f.block_offset(static_cast<int>(s)) + j);
            out.blocks.push_back(active_block(net.whole.blocks[i + 1], net.steps[i + 1], kernels[i], expands[i], one));
        }
    }
    return out;
}
VERDANT_DEFINED_ONCE(nn::mobile_net active_mobile_net<>(const elastic_mobile_net&, const spaces::mobile_family&, std::span<const int>,
                                                        std::span<const double>, std::span<const int>, ratio_one));

} // namespace detail

/// A sub-network as a static net that shares the supernet's weights; its outputs are the supernet's with that sub-network active.
/// @throws input_error if a depth is below 1 or above the blocks of its stage; error if a kernel is none of the supernet's
template <std::size_t Blocks, std::size_t Stages>
[[nodiscard]] nn::mobile_net active_net(const elastic_mobile_net& net, const spaces::mobile_family& f, const spaces::elastic_arch<Blocks, Stages>& a,
                                        ratio_one one = ratio_one::expands) {
    return verdant::supernet::detail::active_mobile_net(net, f, a.ks, a.e, a.d, one);
}

} // namespace verdant::supernet
