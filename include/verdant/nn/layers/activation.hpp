#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <ATen/ops/hardsigmoid.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/hardtanh.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/tanh.h>

namespace verdant::nn {

/// The elementwise function of a convolutional layer.
[[nodiscard]] inline at::Tensor activate(workload::nonlinearity f, const at::Tensor& x) {
    using enum workload::nonlinearity;
    switch (f) {
    case relu: return at::relu(x);
    case relu6: return at::hardtanh(x, 0, 6);
    case tanh: return at::tanh(x);
    case sigmoid: return at::sigmoid(x);
    case h_swish: return at::hardswish(x);
    case h_sigmoid: return at::hardsigmoid(x);
    case silu: return at::silu(x);
    case none: break;
    }
    return x;
}

} // namespace verdant::nn
