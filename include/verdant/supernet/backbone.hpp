#pragma once

#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/residual_net.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/supernet/elastic_mobile_net.hpp>
#include <verdant/supernet/elastic_residual_net.hpp>

#include <cstddef>
#include <vector>

/// The network that carries the weights of a supernet.
namespace verdant::supernet {

/// The net that carries a supernet of a space; specialised for a space of another kind, which then has
///   weights_type, net_type, arch_type   the shared weights, a sub-network of them, and what names one
///   empty(kernels)                      weights of no particular content
///   net_of(arch)                        a static network of no particular content
///   active(weights, arch, one)          a sub-network that shares them
///   set_dropout(weights, rate)
template <class Space>
struct backbone {
    using weights_type = elastic_mobile_net;
    using net_type = nn::mobile_net;
    struct arch_type {};
    static weights_type empty(kernel_transform) { return {}; }
    static net_type net_of(const arch_type&) { return {}; }
    static net_type active(const weights_type& w, const arch_type&, ratio_one) { return w.whole; }
    static void set_dropout(weights_type&, double) {}
    // Last, since what follows a failed assertion is not instantiated, and would be missed.
    static_assert(spaces::elastic_space<Space> || spaces::resnet_space<Space>,
                  "verdant: no supernet is known for this space; derive the space from spaces::once_for_all or spaces::ofa_resnet");
};

/// MobileNetV3, CompOFA, MOOFA and ProxylessNAS, and what users derive from spaces::once_for_all.
template <spaces::elastic_space Space>
struct backbone<Space> {
    using weights_type = elastic_mobile_net;
    using net_type = nn::mobile_net;
    using arch_type = typename Space::arch_type;

    [[nodiscard]] static weights_type empty(kernel_transform how) {
        std::vector<int> kernels;
        if (how == kernel_transform::matrices)
            for (std::size_t i = 0; i < Space::kernels::size; ++i) kernels.push_back(static_cast<int>(Space::kernels::value(i)));
        return empty_elastic_net(spaces::net_of(Space::family, spaces::largest_arch<Space>()), kernels);
    }
    [[nodiscard]] static net_type net_of(const arch_type& a) { return nn::empty_mobile_net(spaces::net_of(Space::family, a)); }
    [[nodiscard]] static net_type active(const weights_type& w, const arch_type& a, ratio_one one) { return active_net(w, Space::family, a, one); }
    static void set_dropout(weights_type& w, double rate) { w.whole.dropout = rate; }
};

/// ResNet50D.
template <spaces::resnet_space Space>
struct backbone<Space> {
    using weights_type = elastic_residual_net;
    using net_type = nn::residual_net;
    using arch_type = spaces::resnet_arch;

    [[nodiscard]] static weights_type empty(kernel_transform) {
        return {nn::empty_residual_net(spaces::net_of(Space::resnet, largest_arch(Space::resnet)))};
    }
    [[nodiscard]] static net_type net_of(const arch_type& a) { return nn::empty_residual_net(spaces::net_of(Space::resnet, a)); }
    [[nodiscard]] static net_type active(const weights_type& w, const arch_type& a, ratio_one) { return active_net(w, Space::resnet, a); }
    static void set_dropout(weights_type& w, double rate) { w.whole.dropout = rate; }
};

} // namespace verdant::supernet
