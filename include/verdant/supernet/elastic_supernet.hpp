#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/space/point.hpp>
#include <verdant/supernet/backbone.hpp>
#include <verdant/supernet/elastic_mobile_net.hpp>

#include <c10/core/GradMode.h>

#include <cstdint>
#include <string>
#include <unordered_set>

namespace verdant::supernet {

/// A weight-sharing supernet: any point of the space is a network with a part of its weights (Cai et al., Once-for-All, ICLR 2020).
/// @tparam Space  derived from spaces::once_for_all or spaces::ofa_resnet; its family fixes widths, classes and input channels
/// @tparam One    what an active ratio of 1 does; by default what the published supernets do
/// @tparam Kernel how smaller kernels come out of larger ones; by default as in the published supernets
template <class Space, ratio_one One = ratio_one::expands, kernel_transform Kernel = kernel_transform::matrices>
class supernet {
    using shape = backbone<Space>;

public:
    using space_type = Space;
    using arch_type = typename shape::arch_type;
    using weights_type = typename shape::weights_type;
    using net_type = typename shape::net_type;

    /// Weights as they are before training, by the seed alone; kernel matrices are the identity.
    /// @param dropout share of the classifier's inputs that training drops
    explicit supernet(std::uint64_t seed = 0, double dropout = 0.1) : weights_{shape::empty(Kernel)} {
        shape::set_dropout(weights_, dropout);
        nn::initialise(weights_, seed);
    }

    /// A sub-network that shares the supernet's weights: running and training it runs and trains the supernet with that sub-network active.
    /// Weights that have to be transformed or dense are copies of the moment: activate again after a step of training.
    /// @throws input_error if a depth or width is out of range; error if a kernel is
    [[nodiscard]] net_type active(const arch_type& a) const { return shape::active(weights_, a, One); }
    [[nodiscard]] net_type active(const point<Space>& p) const { return active(spaces::arch_of(p)); }

    /// A sub-network with weights of its own, in the shape that cost models count: a ratio of 1 has no expansion.
    [[nodiscard]] net_type extract(const arch_type& a) const {
        const c10::AutoGradMode off{false};
        // What activation has copied already is not copied again.
        std::unordered_set<const void*> shared;
        for_each_tensor(weights_, [&](const std::string&, const at::Tensor& t, bool) { shared.insert(t.storage().unsafeGetStorageImpl()); });
        auto own = shape::active(weights_, a, ratio_one::passes);
        for_each_tensor(own, [&](const std::string&, at::Tensor& t, bool) {
            if (!t.is_contiguous() || shared.contains(t.storage().unsafeGetStorageImpl())) t = t.detach().clone(at::MemoryFormat::Contiguous);
        });
        return own;
    }
    [[nodiscard]] net_type extract(const point<Space>& p) const { return extract(spaces::arch_of(p)); }

    /// The same sub-network with weights as they are before training, by the seed alone: for training it from the start.
    [[nodiscard]] static net_type fresh(const arch_type& a, std::uint64_t seed = 0, double dropout = 0) {
        auto net = shape::net_of(a);
        net.dropout = dropout;
        nn::initialise(net, seed);
        return net;
    }

    /// All weights; `nn::state_of`, `nn::load_state`, `optimizer_of` and the like take them.
    [[nodiscard]] const weights_type& weights() const { return weights_; }
    [[nodiscard]] weights_type& weights() { return weights_; }

private:
    weights_type weights_;
};

} // namespace verdant::supernet
