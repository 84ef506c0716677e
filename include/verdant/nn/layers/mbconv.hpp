#pragma once

#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>

#include <optional>

namespace verdant::nn {

/// An inverted bottleneck: 1x1 expansion, depthwise convolution, squeeze and excitation, 1x1 projection without nonlinearity, and the input
/// added where the block has a shortcut (Sandler et al., CVPR 2018; Howard et al., ICCV 2019). A mode with `drop_samples`, as `training` is, may
/// leave only the input of some samples (Huang et al., Deep Networks with Stochastic Depth, ECCV 2016).
struct mbconv {
    std::optional<convolution> expansion; ///< none where the block does not widen its input
    convolution depthwise;
    std::optional<squeeze_excitation> excitation;
    convolution projection;
    bool shortcut = false;
    double stochastic_depth = 0; ///< share of samples that pass by the shortcut alone in training
};

/// x [B, in, H, W].
template <forward_mode Mode>
[[nodiscard]] at::Tensor forward(const mbconv& b, const at::Tensor& x, Mode& mode) {
    auto y = b.expansion ? forward(*b.expansion, x, mode) : x;
    y = forward(b.depthwise, y, mode);
    if (b.excitation) y = forward(*b.excitation, y, mode);
    y = forward(b.projection, y, mode);
    if (!b.shortcut) return y;
    if constexpr (requires { mode.drop_samples(y, b.stochastic_depth); }) return mode.drop_samples(y, b.stochastic_depth) + x;
    else return y + x;
}

} // namespace verdant::nn
