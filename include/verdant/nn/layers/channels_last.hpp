#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/autograd_nodes.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/activation.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>

#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

/// Layers of narrow nets on one thread of a processor, with channels side by side in memory.
namespace verdant::nn {

namespace detail {

/// A depthwise convolution: maps [N, H, W, C] in memory, kernels [k, k, C], padded by half a kernel.
struct depthwise_shape {
    std::int64_t images = 0, height = 0, width = 0, channels = 0, kernel = 1, stride = 1;

    [[nodiscard]] std::int64_t out_height() const { return (height - 1) / stride + 1; }
    [[nodiscard]] std::int64_t out_width() const { return (width - 1) / stride + 1; }

    /// Calls f(output, input, weight) for all pixels that meet: the places of the first of their C numbers.
    template <class F>
    void each_meeting(const F& f) const {
        const auto half = kernel / 2, high = out_height(), wide = out_width();
        for (std::int64_t n = 0; n < images; ++n)
            for (std::int64_t y = 0; y < high; ++y)
                for (std::int64_t x = 0; x < wide; ++x)
                    for (auto v = std::max<std::int64_t>(0, half - y * stride); v < std::min(kernel, height + half - y * stride); ++v)
                        for (auto u = std::max<std::int64_t>(0, half - x * stride); u < std::min(kernel, width + half - x * stride); ++u)
                            f(((n * high + y) * wide + x) * channels,
                              ((n * height + y * stride + v - half) * width + x * stride + u - half) * channels, (v * kernel + u) * channels);
    }
};

/// Four numbers, which compilers know how to compute with at any optimisation.
using four_floats [[gnu::vector_size(16)]] = float;

/// Adds a b to c, number by number.
inline void multiply_add(float* c, const float* a, const float* b, std::int64_t n) {
    std::int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
        four_floats x, y, z;
        std::memcpy(&x, a + i, sizeof x);
        std::memcpy(&y, b + i, sizeof y);
        std::memcpy(&z, c + i, sizeof z);
        z += x * y;
        std::memcpy(c + i, &z, sizeof z);
    }
    for (; i < n; ++i) c[i] += a[i] * b[i];
}

/// A depthwise convolution with its gradients, which LibTorch's library takes several times as long for where channels are few.
class depthwise_node : public torch::autograd::Node {
public:
    using tensors = torch::autograd::variable_list;

    /// @param weight [C, 1, k, k] @param x [N, C, H, W], whatever its order in memory
    [[nodiscard]] static at::Tensor forward(const at::Tensor& weight, const at::Tensor& x, std::int64_t stride) {
        auto node = std::make_shared<depthwise_node>();
        auto y = node->run(weight, x, stride);
        if (!c10::GradMode::is_enabled() || !(weight.requires_grad() || x.requires_grad())) return y;
        node->set_next_edges(torch::autograd::collect_next_edges(x, weight));
        torch::autograd::create_gradient_edge(y, node);
        return y;
    }

    tensors apply(tensors&& gradients) override {
        const c10::AutoGradMode off{false};
        if (!gradients.at(0).defined()) return tensors(2);
        const auto g = gradients[0].permute({0, 2, 3, 1}).contiguous();
        const auto *const out = g.data_ptr<float>(), *const in = input_.data_ptr<float>(), *const w = weight_.data_ptr<float>();
        tensors found(2);
        if (task_should_compute_output(0)) {
            auto of_input = at::zeros_like(input_);
            auto* const to = of_input.data_ptr<float>();
            shape_.each_meeting([&](std::int64_t o, std::int64_t i, std::int64_t k) { multiply_add(to + i, out + o, w + k, shape_.channels); });
            found[0] = of_input.permute({0, 3, 1, 2});
        }
        if (task_should_compute_output(1)) {
            auto of_weight = at::zeros_like(weight_);
            auto* const to = of_weight.data_ptr<float>();
            shape_.each_meeting([&](std::int64_t o, std::int64_t i, std::int64_t k) { multiply_add(to + k, out + o, in + i, shape_.channels); });
            found[1] = of_weight.permute({2, 0, 1}).unsqueeze(1).contiguous();
        }
        return found;
    }

    void release_variables() override {
        input_.reset();
        weight_.reset();
    }

private:
    at::Tensor run(const at::Tensor& weight, const at::Tensor& x, std::int64_t stride) {
        const c10::AutoGradMode off{false};
        shape_ = {x.size(0), x.size(2), x.size(3), x.size(1), weight.size(2), stride};
        input_ = x.permute({0, 2, 3, 1}).contiguous();
        weight_ = weight.squeeze(1).permute({1, 2, 0}).contiguous();
        auto y = at::zeros({shape_.images, shape_.out_height(), shape_.out_width(), shape_.channels}, x.options());
        auto* const to = y.data_ptr<float>();
        const auto *const in = input_.data_ptr<float>(), *const w = weight_.data_ptr<float>();
        shape_.each_meeting([&](std::int64_t o, std::int64_t i, std::int64_t k) { multiply_add(to + o, in + i, w + k, shape_.channels); });
        return y.permute({0, 3, 1, 2});
    }

    depthwise_shape shape_;
    at::Tensor input_, weight_; ///< [N, H, W, C], [k, k, C]
};

template <class = instantiated_when_used>
[[nodiscard]] at::Tensor convolved_by_channel(const at::Tensor& weight, const at::Tensor& x, std::int64_t stride) {
    return depthwise_node::forward(weight, x, stride);
}
VERDANT_DEFINED_ONCE(at::Tensor convolved_by_channel<>(const at::Tensor&, const at::Tensor&, std::int64_t));

/// A convolution without its norm, whose map has channels side by side.
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor convolved_channels_last(const nn::convolution& c, const at::Tensor& weight, const at::Tensor& x) {
    if (kernel_size(c) == 1 && c.groups == 1 && c.stride == 1) return at::linear(x.permute({0, 2, 3, 1}), weight.flatten(1)).permute({0, 3, 1, 2});
    if (weight.size(1) == 1 && c.groups == x.size(1) && c.groups == weight.size(0)) return convolved_by_channel(weight, x, c.stride);
    const std::array stride{c.stride, c.stride}, padding{kernel_size(c) / 2, kernel_size(c) / 2}, dilation{std::int64_t{1}, std::int64_t{1}};
    return at::conv2d(x, weight, {}, stride, padding, dilation, c.groups).contiguous(at::MemoryFormat::ChannelsLast);
}
VERDANT_DEFINED_ONCE(at::Tensor convolved_channels_last<>(const nn::convolution&, const at::Tensor&, const at::Tensor&));

} // namespace detail

/// As another mode, for nets whose layers are so small that calls cost more than arithmetic: 1x1 convolutions are products of matrices, depthwise
/// ones loops over channels, and maps stay in the order in which both want them. The outcome is that of the other mode but for the order of sums.
/// Several threads are of no use to it, but may run nets or batches of their own. Numbers of 32 bits on a processor only; others are computed as by
/// the other mode.
/// @tparam Mode what norms and dropout do: `training`, `evaluating` or `recalibrating`
template <forward_mode Mode>
struct channels_last : Mode {
    explicit channels_last(Mode mode = Mode{}) : Mode{std::move(mode)} {}

    [[nodiscard]] static bool takes(const at::Tensor& x) { return x.device().is_cpu() && x.scalar_type() == at::kFloat && x.dim() == 4; }
    [[nodiscard]] static bool takes(const convolution& c, const at::Tensor& x) {
        return takes(x) && !c.grouped_norm && c.weight.scalar_type() == at::kFloat;
    }
    [[nodiscard]] at::Tensor convolve(const convolution& c, const at::Tensor& weight, const at::Tensor& x) const
        requires forward_mode<const Mode>
    {
        const auto y = detail::convolved_channels_last(c, weight, x);
        return activate(c.act, c.norm ? Mode::normalise(*c.norm, y) : y);
    }
    [[nodiscard]] at::Tensor convolve(const convolution& c, const at::Tensor& weight, const at::Tensor& x)
        requires(!forward_mode<const Mode>)
    {
        const auto y = detail::convolved_channels_last(c, weight, x);
        return activate(c.act, c.norm ? Mode::normalise(*c.norm, y) : y);
    }
    [[nodiscard]] static at::Tensor excite(const squeeze_excitation& se, const at::Tensor& x) {
        const auto mean = x.mean(at::IntArrayRef{2, 3});
        const auto squeezed = activate(se.act, at::linear(mean, se.reduce.weight.flatten(1), se.reduce.bias));
        const auto factors = activate(se.gate, at::linear(squeezed, se.expand.weight.flatten(1), se.expand.bias));
        return x * factors.unsqueeze(2).unsqueeze(3);
    }
};
/// Training of such nets: `train_phase` of a supernet takes it, and recipes do.
using training_channels_last = channels_last<training>;

} // namespace verdant::nn
