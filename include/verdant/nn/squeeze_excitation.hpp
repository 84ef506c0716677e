#pragma once

#include <verdant/nn/activation.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/nn/residual_block.hpp>
#include <verdant/workload/nonlinearity.hpp>

#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/relu.h>

#include <cstdint>

namespace verdant::nn {

/// Squeeze and excitation: every channel is scaled by what two small layers make of the means of all (Hu et al., CVPR 2018).
struct squeeze_excitation {
    affine reduce; ///< [q, C, 1, 1], [q]
    affine expand; ///< [C, q, 1, 1], [C]
};

/// x * h_sigmoid(expand(relu(reduce(mean of x)))), x [B, C, H, W].
[[nodiscard]] inline at::Tensor forward(const squeeze_excitation& se, const at::Tensor& x) {
    auto y = x.mean(at::IntArrayRef{3}, true).mean(at::IntArrayRef{2}, true);
    y = at::conv2d(at::relu(at::conv2d(y, se.reduce.weight, se.reduce.bias)), se.expand.weight, se.expand.bias);
    return x * activate(workload::nonlinearity::h_sigmoid, y);
}

/// The part for the first `channels` channels with the first `squeezed` inner ones (moofa.md, section 4, "Dynamic SE"). Biases are views; weights are
/// made dense, as those of convolutions.
[[nodiscard]] inline squeeze_excitation leading(const squeeze_excitation& se, std::int64_t channels, std::int64_t squeezed) {
    const auto block = [](const affine& a, std::int64_t out, std::int64_t in) {
        return affine{a.weight.narrow(0, 0, out).narrow(1, 0, in).contiguous(), a.bias.narrow(0, 0, out)};
    };
    return {block(se.reduce, squeezed, channels), block(se.expand, channels, squeezed)};
}

/// Tensors of no particular content.
[[nodiscard]] inline squeeze_excitation empty_squeeze_excitation(std::int64_t channels, std::int64_t squeezed,
                                                                 const at::TensorOptions& o = at::kFloat) {
    return {{at::empty({squeezed, channels, 1, 1}, o), at::empty({squeezed}, o)},
            {at::empty({channels, squeezed, 1, 1}, o), at::empty({channels}, o)}};
}

} // namespace verdant::nn
