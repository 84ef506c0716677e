#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/activation.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/group_norm.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <array>
#include <cstdint>
#include <optional>

namespace verdant::nn {

/// A convolution without bias, a norm where there is one, and a nonlinearity. The map is padded by half a kernel, so that only the stride
/// changes its size.
struct convolution {
    at::Tensor weight; ///< [out, in / groups, k, k], k odd
    std::optional<batch_norm> norm = std::nullopt;
    std::int64_t stride = 1;
    std::int64_t groups = 1;
    workload::nonlinearity act = workload::nonlinearity::none;
    std::optional<group_norm> grouped_norm = std::nullopt; ///< in place of `norm`
    std::optional<double> standardise = std::nullopt;      ///< epsilon of weight standardisation, where the weights are standardised
};

/// Channels that a convolution gives, its kernel's side, and the channels that it takes.
[[nodiscard]] inline std::int64_t channels_out(const convolution& c) { return c.weight.size(0); }
[[nodiscard]] inline std::int64_t kernel_size(const convolution& c) { return c.weight.size(2); }
[[nodiscard]] inline std::int64_t channels_in(const convolution& c) { return c.weight.size(1) * c.groups; }

/// x [B, in, H, W] -> [B, out, (H - 1) / stride + 1, (W - 1) / stride + 1].
template <forward_mode Mode>
[[nodiscard]] at::Tensor forward(const convolution& c, const at::Tensor& x, Mode& mode) {
    const std::array stride{c.stride, c.stride}, padding{kernel_size(c) / 2, kernel_size(c) / 2}, dilation{std::int64_t{1}, std::int64_t{1}};
    const auto weight = c.standardise ? standardised(c.weight, *c.standardise) : c.weight;
    if constexpr (requires { mode.convolve(c, weight, x); }) // a mode that computes layers as a whole
        if (mode.takes(c, x)) return mode.convolve(c, weight, x);
    auto y = at::conv2d(x, weight, {}, stride, padding, dilation, c.groups);
    if (c.norm) y = mode.normalise(*c.norm, y);
    else if (c.grouped_norm) y = forward(*c.grouped_norm, y);
    return activate(c.act, y);
}

/// What an empty convolution is made of.
struct convolution_shape {
    std::int64_t in, out, kernel = 1, stride = 1, groups = 1;
    workload::nonlinearity act = workload::nonlinearity::none;
    bool norm = true;
    double momentum = 0.1, epsilon = 1e-5; ///< of the norm
    std::int64_t norm_group = 0;           ///< channels of a group of a group norm at most; 0: batch norm
    double standardise = 0;                ///< epsilon of weight standardisation; 0: none
};

/// A convolution of this shape, weights of no particular content; the norm is the identity.
[[nodiscard]] inline convolution empty_convolution(const convolution_shape& s, const at::TensorOptions& o = at::kFloat) {
    convolution c{at::empty({s.out, s.in / s.groups, s.kernel, s.kernel}, o), std::nullopt, s.stride, s.groups, s.act};
    if (s.standardise > 0) c.standardise = s.standardise;
    if (s.norm && s.norm_group > 0) c.grouped_norm = group_norm{at::ones({s.out}, o), at::zeros({s.out}, o), s.norm_group, s.epsilon};
    else if (s.norm)
        c.norm = batch_norm{at::ones({s.out}, o),
                            at::zeros({s.out}, o),
                            at::zeros({s.out}, o),
                            at::ones({s.out}, o),
                            at::zeros({}, o.dtype(at::kLong)),
                            s.momentum,
                            s.epsilon};
    return c;
}

/// The first channels of a convolution that is not grouped: those that it takes, those that it gives, or both. Views, but for weights of fewer
/// inputs: these are made dense, since every pass would do so again; gradients flow through to the whole.
[[nodiscard]] inline convolution leading(const convolution& c, std::int64_t in, std::int64_t out) {
    convolution part = c;
    if (out != c.weight.size(0)) part.weight = part.weight.narrow(0, 0, out);
    if (in != c.weight.size(1)) part.weight = part.weight.narrow(1, 0, in).contiguous();
    if (c.norm) part.norm = leading(*c.norm, out);
    if (c.grouped_norm) part.grouped_norm = leading(*c.grouped_norm, out);
    return part;
}

} // namespace verdant::nn
