#pragma once

#include <verdant/error.hpp>
#include <verdant/io/named_tensors.hpp>
#include <verdant/nn/init_net.hpp>
#include <verdant/nn/mobile_net.hpp>
#include <verdant/nn/net_state.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/once_for_all.hpp>
#include <verdant/supernet/elastic_mobile_net.hpp>

#include <c10/core/GradMode.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Sizes of elastic kernels of a space.
template <class Kernels>
[[nodiscard]] std::vector<int> kernel_sizes() {
    std::vector<int> out;
    for (std::size_t i = 0; i < Kernels::size; ++i) out.push_back(static_cast<int>(Kernels::value(i)));
    return out;
}

} // namespace verdant::detail

namespace verdant::supernet {

/// A weight-sharing supernet: any point of the space is a network with a part of its weights (Cai et al., Once-for-All, ICLR 2020).
/// @tparam Space derived from spaces::once_for_all; its family fixes widths, classes and input channels
/// @tparam One   what an active ratio of 1 does; by default what the published supernets do
template <spaces::elastic_space Space, ratio_one One = ratio_one::expands>
class supernet {
public:
    using space_type = Space;
    using arch_type = typename Space::arch_type;
    using net_type = nn::mobile_net;

    /// Weights as they are before training, by the seed alone; matrices are the identity. @param dropout share of the classifier's inputs that
    /// training drops
    explicit supernet(std::uint64_t seed = 0, double dropout = 0.1)
        : weights_{empty_elastic_net(spaces::net_of(Space::family, spaces::largest_arch<Space>()),
                                     verdant::detail::kernel_sizes<typename Space::kernels>())} {
        weights_.whole.dropout = dropout;
        nn::initialise(weights_, seed);
    }

    /// A sub-network that shares the supernet's weights: training it trains them. Made in well under a millisecond.
    /// @throws input_error if a depth is out of range; error if a kernel is
    [[nodiscard]] nn::mobile_net active(const arch_type& a) const { return active_net(weights_, Space::family, a, One); }
    [[nodiscard]] nn::mobile_net active(const point<Space>& p) const { return active(spaces::arch_of(p)); }

    /// A sub-network with weights of its own, of the shape that cost models count: a ratio of 1 has no expansion.
    [[nodiscard]] nn::mobile_net extract(const arch_type& a) const {
        const c10::AutoGradMode off{false};
        return nn::clone(active_net(weights_, Space::family, a, ratio_one::passes));
    }
    [[nodiscard]] nn::mobile_net extract(const point<Space>& p) const { return extract(spaces::arch_of(p)); }

    /// All weights; `nn::state_of`, `nn::load_state`, `nn::require_grad` and the like take them.
    [[nodiscard]] const elastic_mobile_net& weights() const { return weights_; }
    [[nodiscard]] elastic_mobile_net& weights() { return weights_; }

private:
    elastic_mobile_net weights_;
};

} // namespace verdant::supernet
