#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/activation.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <ATen/ops/conv1d.h>
#include <ATen/ops/empty.h>

#include <array>
#include <cstdint>

namespace verdant::nn {

/// A convolution over signals with a bias and a nonlinearity. The signal is padded by half a kernel, so that only the stride changes its length.
struct convolution_1d {
    at::Tensor weight; ///< [out, in / groups, k], k odd
    at::Tensor bias;   ///< [out]
    std::int64_t stride = 1;
    std::int64_t groups = 1;
    workload::nonlinearity act = workload::nonlinearity::none;
};

/// x [B, in, L] -> [B, out, (L - 1) / stride + 1].
[[nodiscard]] inline at::Tensor forward(const convolution_1d& c, const at::Tensor& x) {
    const std::array stride{c.stride}, padding{c.weight.size(2) / 2}, dilation{std::int64_t{1}};
    return activate(c.act, at::conv1d(x, c.weight, c.bias, stride, padding, dilation, c.groups));
}

/// A convolution with weights of no particular content.
[[nodiscard]] inline convolution_1d empty_convolution_1d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t groups,
                                                         workload::nonlinearity act, const at::TensorOptions& o = at::kFloat) {
    return {at::empty({out, in / groups, kernel}, o), at::empty({out}, o), stride, groups, act};
}

} // namespace verdant::nn
