#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/activation.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>

#include <cstdint>
#include <string>
#include <vector>

namespace verdant::nn {

/// Squeeze and excitation: every channel is scaled by what two small layers make of the means of all (Hu et al., CVPR 2018).
struct squeeze_excitation {
    affine reduce; ///< [q, C, 1, 1], [q]
    affine expand; ///< [C, q, 1, 1], [C]
    workload::nonlinearity act = workload::nonlinearity::relu;       ///< between them
    workload::nonlinearity gate = workload::nonlinearity::h_sigmoid; ///< of the factors
};

/// x * gate(expand(act(reduce(mean of x)))), x [B, C, H, W].
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor forward(const squeeze_excitation& se, const at::Tensor& x) {
    auto y = x.mean(at::IntArrayRef{3}, true).mean(at::IntArrayRef{2}, true);
    y = at::conv2d(activate(se.act, at::conv2d(y, se.reduce.weight, se.reduce.bias)), se.expand.weight, se.expand.bias);
    return x * activate(se.gate, y);
}
VERDANT_DEFINED_ONCE(at::Tensor forward<>(const squeeze_excitation&, const at::Tensor&));

/// The same in a mode, which may compute layers as a whole.
template <class Mode>
[[nodiscard]] at::Tensor forward(const squeeze_excitation& se, const at::Tensor& x, Mode& mode) {
    if constexpr (requires { mode.excite(se, x); })
        if (mode.takes(x)) return mode.excite(se, x);
    return forward(se, x);
}

/// The part for the first `channels` channels with the first `squeezed` inner ones (Once-for-all, dynamic_op.py, DynamicSE). Biases are views;
/// weights are made dense, as those of convolutions.
[[nodiscard]] inline squeeze_excitation leading(const squeeze_excitation& se, std::int64_t channels, std::int64_t squeezed) {
    const auto block = [](const affine& a, std::int64_t out, std::int64_t in) {
        return affine{a.weight.narrow(0, 0, out).narrow(1, 0, in).contiguous(), a.bias.narrow(0, 0, out)};
    };
    return {block(se.reduce, squeezed, channels), block(se.expand, channels, squeezed), se.act, se.gate};
}

/// The part behind a convolution with `groups` groups, each of which is narrowed: of every group of channels the first ones, so that the part has
/// `channels` channels. Copies, through which gradients flow (dynamic_op.py, DynamicSE).
/// @throws input_error unless `groups` divides `channels` and the channels of the whole
[[nodiscard]] inline squeeze_excitation leading(const squeeze_excitation& se, std::int64_t channels, std::int64_t squeezed, std::int64_t groups) {
    if (const auto all = se.expand.weight.size(0); groups < 1 || channels % groups != 0 || all % groups != 0)
        throw input_error{"squeeze and excitation", "groups", "a divisor of " + std::to_string(channels) + " and " + std::to_string(all),
                          std::to_string(groups)};
    if (groups == 1) return leading(se, channels, squeezed);
    const auto of_groups = [&](const at::Tensor& t, std::int64_t axis) {
        std::vector<at::Tensor> parts;
        for (const auto& group : t.chunk(groups, axis)) parts.push_back(group.narrow(axis, 0, channels / groups));
        return at::cat(parts, axis);
    };
    return {{of_groups(se.reduce.weight.narrow(0, 0, squeezed), 1), se.reduce.bias.narrow(0, 0, squeezed)},
            {of_groups(se.expand.weight.narrow(1, 0, squeezed), 0), of_groups(se.expand.bias, 0)},
            se.act,
            se.gate};
}

/// Tensors of no particular content.
[[nodiscard]] inline squeeze_excitation empty_squeeze_excitation(std::int64_t channels, std::int64_t squeezed,
                                                                 const at::TensorOptions& o = at::kFloat) {
    return {{at::empty({squeezed, channels, 1, 1}, o), at::empty({squeezed}, o)},
            {at::empty({channels, squeezed, 1, 1}, o), at::empty({channels}, o)}};
}

} // namespace verdant::nn
