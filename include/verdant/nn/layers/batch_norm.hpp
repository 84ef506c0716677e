#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

/// Batch normalisation, and the modes of a forward pass.
namespace verdant::nn {

/// Batch normalisation: C channels, each with a scale and a shift, and the statistics that evaluation takes.
struct batch_norm {
    at::Tensor weight, bias;              ///< [C]
    at::Tensor running_mean, running_var; ///< [C], not trained
    at::Tensor batches;                   ///< [], 64-bit integer: batches that the statistics have seen
    double momentum = 0.1;                ///< weight of the newest batch in the statistics
    double epsilon = 1e-5;
};

/// The same norm for the first `channels` channels only: views, so that training and statistics change the whole one (Once-for-all,
/// dynamic_op.py, DynamicBatchNorm2d).
[[nodiscard]] inline batch_norm leading(const batch_norm& b, std::int64_t channels) {
    if (b.weight.size(0) == channels) return b;
    const auto part = [channels](const at::Tensor& t) { return t.narrow(0, 0, channels); };
    return {part(b.weight), part(b.bias), part(b.running_mean), part(b.running_var), b.batches, b.momentum, b.epsilon};
}

/// How a convolutional net is run.
///   m.normalise(norm, x)  the norm of x [B, C, H, W]
///   m.drop(x, rate)       x, or x with elements dropped
template <class M>
concept forward_mode = requires(M& m, const batch_norm& b, const at::Tensor& x, double rate) {
    { m.normalise(b, x) } -> std::same_as<at::Tensor>;
    { m.drop(x, rate) } -> std::same_as<at::Tensor>;
};

/// With the statistics that the norms hold, and no dropout.
struct evaluating {
    [[nodiscard]] static at::Tensor normalise(const batch_norm& b, const at::Tensor& x) {
        return at::batch_norm(x, b.weight, b.bias, b.running_mean, b.running_var, false, b.momentum, b.epsilon, true);
    }
    [[nodiscard]] static at::Tensor drop(const at::Tensor& x, double) { return x; }
};

/// With the statistics of each batch, which move those that the norms hold (the variance there is the unbiased one), and dropout.
struct training {
    at::Generator stream{}; ///< what dropout draws from; LibTorch's global generator where there is none

    [[nodiscard]] static at::Tensor normalise(const batch_norm& b, const at::Tensor& x) {
        {
            const c10::AutoGradMode off{false};
            at::Tensor batches = b.batches;
            batches.add_(1);
        }
        return at::batch_norm(x, b.weight, b.bias, b.running_mean, b.running_var, true, b.momentum, b.epsilon, true);
    }
    [[nodiscard]] at::Tensor drop(const at::Tensor& x, double rate) const {
        if (rate <= 0) return x;
        auto kept = at::empty_like(x.detach());
        if (stream.defined()) kept.bernoulli_(1 - rate, stream);
        else kept.bernoulli_(1 - rate);
        return x * kept / (1 - rate);
    }
    /// x with whole samples dropped and the others scaled (torchvision, ops/stochastic_depth.py, mode "row").
    [[nodiscard]] at::Tensor drop_samples(const at::Tensor& x, double rate) const {
        if (rate <= 0) return x;
        std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
        shape[0] = x.size(0);
        auto kept = at::empty(shape, x.detach().options());
        if (stream.defined()) kept.bernoulli_(1 - rate, stream);
        else kept.bernoulli_(1 - rate);
        return x * kept.div_(1 - rate);
    }
};

} // namespace verdant::nn
