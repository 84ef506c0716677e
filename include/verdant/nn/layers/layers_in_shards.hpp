#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/autograd_nodes.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/squeeze_excitation.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/batch_norm_update_stats.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/hardswish_backward.h>
#include <ATen/ops/hardtanh_backward.h>
#include <ATen/ops/native_batch_norm_backward.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

/// Layers of convolutional nets whose samples are shared out to the threads of a team. Batch normalisation ties the samples of a batch together, so
/// that a net cannot be cut into samples, but its layers can.
namespace verdant::nn {

namespace detail {

/// In how many shards a layer is computed: eight at most, each of which is worth waking a thread for. It depends on shapes alone.
/// @param operations of the layer on all samples, about
[[nodiscard]] constexpr std::int64_t layer_shards(std::int64_t samples, std::int64_t operations) {
    return std::clamp<std::int64_t>(operations >> 21, 1, std::min<std::int64_t>(8, samples));
}

/// What norm and nonlinearity take for a number, in multiplications of a convolution.
inline constexpr std::int64_t operations_of_norm = 32;

/// A convolution with batch norm, by the statistics of the whole batch, and nonlinearity: what one shard after the other, or several at a time,
/// compute between three meetings: sums for the statistics, sums for their gradients, gradients of the weights. These are added in the order of the
/// shards.
class convolution_in_shards : public torch::autograd::Node {
public:
    using tensors = torch::autograd::variable_list;

    /// Which nonlinearities are part of it; others follow as layers of their own.
    [[nodiscard]] static constexpr bool knows(workload::nonlinearity f) noexcept {
        using enum workload::nonlinearity;
        return f == none || f == relu || f == relu6 || f == h_swish;
    }

    /// @param c with a batch norm, or without any norm @param weight of c, which may be standardised
    [[nodiscard]] static at::Tensor forward(const nn::convolution& c, const at::Tensor& weight, const at::Tensor& x) {
        auto node = std::make_shared<convolution_in_shards>();
        auto y = node->run(c, weight, x);
        const auto none = at::Tensor{};
        const at::Tensor &scale = c.norm ? c.norm->weight : none, &shift = c.norm ? c.norm->bias : none;
        const auto trained = [](const at::Tensor& t) { return t.defined() && t.requires_grad(); };
        if (!c10::GradMode::is_enabled() || !(trained(x) || trained(weight) || trained(scale) || trained(shift))) return y;
        node->set_next_edges(torch::autograd::collect_next_edges(x, weight, scale, shift));
        torch::autograd::create_gradient_edge(y, node);
        return y;
    }

    tensors apply(tensors&& gradients) override {
        const c10::AutoGradMode off{false};
        if (!gradients.at(0).defined()) return tensors(4);
        const auto g = gradients[0].contiguous();
        const bool for_input = task_should_compute_output(0), for_weight = task_should_compute_output(1);
        const auto count = shards();
        std::vector<at::Tensor> inner(middle_.size()), scales(middle_.size()), shifts(middle_.size()), weights(middle_.size());
        const nn::thread_team team;
        team(count, [&](std::int64_t i) {
            const c10::AutoGradMode none{false};
            const auto k = static_cast<std::size_t>(i);
            inner[k] = before_activation(rows(g, i), middle_[k]);
            if (!normalised_) return;
            std::tie(inner[k], scales[k], shifts[k]) =
                at::native_batch_norm_backward(inner[k], middle_[k], scale_, mean_, variance_, {}, {}, false, epsilon_, {true, true, true});
        });
        at::Tensor of_scale, of_shift, scale, shift;
        if (normalised_) {
            of_scale = sum_of(scales), of_shift = sum_of(shifts);
            // What a number does to mean and deviation of its channel: - scale / (deviation N) (sum of gradients + normalised * sum of gradients *
            // normalised)
            const auto factor = scale_ * (variance_ + epsilon_).rsqrt() / (-static_cast<double>(numbers_));
            scale = factor * of_scale, shift = factor * of_shift;
        }
        auto of_input = for_input ? at::empty_like(input_, at::MemoryFormat::Contiguous) : at::Tensor{};
        team(count, [&](std::int64_t i) {
            const c10::AutoGradMode none{false};
            const auto k = static_cast<std::size_t>(i);
            if (normalised_) inner[k].add_(at::batch_norm(middle_[k], scale, shift, mean_, variance_, false, 0, epsilon_, false));
            const auto found = at::convolution_backward(inner[k], rows(input_, i), weight_, {}, stride_, padding_, dilation, false, no_padding,
                                                        groups_, {for_input, for_weight, false});
            if (for_input) rows(of_input, i).copy_(std::get<0>(found));
            weights[k] = std::get<1>(found);
            inner[k].reset();
        });
        return {of_input, for_weight ? sum_of(weights) : at::Tensor{}, of_scale, of_shift};
    }

    void release_variables() override {
        middle_.clear();
        for (auto* const t : {&input_, &weight_, &scale_, &shift_, &mean_, &variance_}) t->reset();
    }

private:
    static constexpr std::array<std::int64_t, 2> dilation{1, 1}, no_padding{0, 0};

    [[nodiscard]] std::int64_t shards() const { return static_cast<std::int64_t>(middle_.size()); }
    [[nodiscard]] at::Tensor rows(const at::Tensor& t, std::int64_t i) const {
        return t.slice(0, t.size(0) * i / shards(), t.size(0) * (i + 1) / shards());
    }
    [[nodiscard]] static at::Tensor sum_of(const std::vector<at::Tensor>& parts) {
        auto sum = parts.front();
        for (std::size_t i = 1; i < parts.size(); ++i) sum = sum.add_(parts[i]);
        return sum;
    }

    at::Tensor run(const nn::convolution& c, const at::Tensor& weight, const at::Tensor& x) {
        const c10::AutoGradMode off{false};
        input_ = x.contiguous(), weight_ = weight;
        groups_ = c.groups, stride_ = {c.stride, c.stride}, padding_ = {kernel_size(c) / 2, kernel_size(c) / 2};
        activation_ = c.act, normalised_ = c.norm.has_value();
        const auto samples = x.size(0), side_1 = (x.size(2) - 1) / c.stride + 1, side_2 = (x.size(3) - 1) / c.stride + 1;
        middle_.resize(
            static_cast<std::size_t>(layer_shards(samples, samples * side_1 * side_2 * (weight.numel() + operations_of_norm * weight.size(0)))));
        std::vector<at::Tensor> means(middle_.size()), variances(middle_.size());
        const nn::thread_team team;
        team(shards(), [&](std::int64_t i) {
            const c10::AutoGradMode none{false};
            const auto k = static_cast<std::size_t>(i);
            middle_[k] = at::conv2d(rows(input_, i), weight_, {}, stride_, padding_, dilation, groups_).contiguous();
            if (normalised_) std::tie(means[k], variances[k]) = at::batch_norm_update_stats(middle_[k], {}, {}, 0);
        });
        if (normalised_) take_statistics(*c.norm, means, variances);
        auto y = at::empty({samples, weight.size(0), side_1, side_2}, x.options());
        team(shards(), [&](std::int64_t i) {
            const c10::AutoGradMode none{false};
            auto part = rows(y, i);
            part.copy_(activate(activation_, normal(middle_[static_cast<std::size_t>(i)])));
        });
        return y;
    }

    /// The statistics of the batch of those of its shards, and the norm's own (as LibTorch moves them).
    void take_statistics(const nn::batch_norm& norm, const std::vector<at::Tensor>& means, const std::vector<at::Tensor>& variances) {
        scale_ = norm.weight, shift_ = norm.bias, epsilon_ = norm.epsilon;
        numbers_ = 0;
        for (const auto& m : middle_) numbers_ += m.numel() / m.size(1);
        const auto all = static_cast<double>(numbers_);
        auto mean = at::zeros(scale_.sizes(), at::kDouble), square = at::zeros(scale_.sizes(), at::kDouble);
        for (std::size_t k = 0; k < middle_.size(); ++k)
            mean.add_(means[k].to(at::kDouble), static_cast<double>(middle_[k].numel() / middle_[k].size(1)) / all);
        for (std::size_t k = 0; k < middle_.size(); ++k) {
            const auto apart = means[k].to(at::kDouble) - mean;
            square.add_(variances[k].to(at::kDouble) + apart * apart, static_cast<double>(middle_[k].numel() / middle_[k].size(1)));
        }
        mean_ = mean.to(at::kFloat), variance_ = (square / all).to(at::kFloat);
        auto running_mean = norm.running_mean, running_variance = norm.running_var, batches = norm.batches;
        running_mean.copy_(mean * norm.momentum + running_mean.to(at::kDouble) * (1 - norm.momentum));
        running_variance.copy_(square / (all - 1) * norm.momentum + running_variance.to(at::kDouble) * (1 - norm.momentum));
        batches.add_(1);
    }

    [[nodiscard]] at::Tensor normal(const at::Tensor& x) const {
        return normalised_ ? at::batch_norm(x, scale_, shift_, mean_, variance_, false, 0, epsilon_, false) : x;
    }

    /// The gradient before the nonlinearity, of that behind it.
    [[nodiscard]] at::Tensor before_activation(const at::Tensor& g, const at::Tensor& middle) const {
        using enum workload::nonlinearity;
        if (activation_ == none) return g.clone();
        const auto z = normal(middle);
        if (activation_ == relu) return at::threshold_backward(g, z, 0);
        return activation_ == relu6 ? at::hardtanh_backward(g, z, 0, 6) : at::hardswish_backward(g, z);
    }

    at::Tensor input_, weight_, scale_, shift_, mean_, variance_;
    std::vector<at::Tensor> middle_; ///< of each shard, what the convolution gives
    std::vector<std::int64_t> stride_, padding_;
    std::int64_t groups_ = 1, numbers_ = 0;
    double epsilon_ = 0;
    workload::nonlinearity activation_ = workload::nonlinearity::none;
    bool normalised_ = false;
};

/// Squeeze and excitation of each sample, which needs no others.
class excitation_in_shards : public torch::autograd::Node {
public:
    using tensors = torch::autograd::variable_list;

    [[nodiscard]] static at::Tensor forward(const nn::squeeze_excitation& se, const at::Tensor& x) {
        auto node = std::make_shared<excitation_in_shards>();
        const bool history = c10::GradMode::is_enabled();
        auto y = node->run(se, x, history);
        if (!history) return y;
        node->set_next_edges(torch::autograd::collect_next_edges(x, se.reduce.weight, se.reduce.bias, se.expand.weight, se.expand.bias));
        torch::autograd::create_gradient_edge(y, node);
        return y;
    }

    tensors apply(tensors&& gradients) override {
        const c10::AutoGradMode off{false};
        if (!gradients.at(0).defined()) return tensors(5);
        const auto& g = gradients[0];
        auto of_input = at::empty(g.sizes(), g.options());
        const auto count = static_cast<std::int64_t>(parts_.size());
        const nn::thread_team team;
        team(count, [&](std::int64_t i) {
            auto& p = parts_[static_cast<std::size_t>(i)];
            p.out.backward(rows(g, i));
            rows(of_input, i).copy_(p.input.grad());
            p.out.reset();
        });
        tensors out{of_input};
        for (std::size_t w = 0; w < 4; ++w) {
            auto sum = parts_.front().weights[w].grad();
            for (std::size_t i = 1; i < parts_.size() && sum.defined(); ++i) sum.add_(parts_[i].weights[w].grad());
            out.push_back(sum);
        }
        return out;
    }

    void release_variables() override { parts_.clear(); }

private:
    struct part {
        at::Tensor input, out;
        std::array<at::Tensor, 4> weights;
    };

    [[nodiscard]] at::Tensor rows(const at::Tensor& t, std::int64_t i) const {
        const auto count = static_cast<std::int64_t>(parts_.size());
        return t.slice(0, t.size(0) * i / count, t.size(0) * (i + 1) / count);
    }

    at::Tensor run(const nn::squeeze_excitation& se, const at::Tensor& x, bool history) {
        parts_.resize(static_cast<std::size_t>(layer_shards(x.size(0), 8 * x.numel())));
        auto y = at::empty(x.sizes(), x.options());
        const nn::thread_team team;
        team(static_cast<std::int64_t>(parts_.size()), [&](std::int64_t i) {
            const c10::AutoGradMode grad{history};
            auto& p = parts_[static_cast<std::size_t>(i)];
            const auto leaf = [history](const at::Tensor& t) { return t.detach().set_requires_grad(history); };
            p.weights = {leaf(se.reduce.weight), leaf(se.reduce.bias), leaf(se.expand.weight), leaf(se.expand.bias)};
            p.input = leaf(rows(x.detach(), i));
            p.out = nn::forward(nn::squeeze_excitation{{p.weights[0], p.weights[1]}, {p.weights[2], p.weights[3]}, se.act, se.gate}, p.input);
            rows(y, i).copy_(p.out.detach());
        });
        return y;
    }

    std::vector<part> parts_;
};

template <class = instantiated_when_used>
[[nodiscard]] at::Tensor convolved_in_shards(const nn::convolution& c, const at::Tensor& weight, const at::Tensor& x) {
    return convolution_in_shards::forward(c, weight, x);
}
VERDANT_DEFINED_ONCE(at::Tensor convolved_in_shards<>(const nn::convolution&, const at::Tensor&, const at::Tensor&));

template <class = instantiated_when_used>
[[nodiscard]] at::Tensor excited_in_shards(const nn::squeeze_excitation& se, const at::Tensor& x) {
    return excitation_in_shards::forward(se, x);
}
VERDANT_DEFINED_ONCE(at::Tensor excited_in_shards<>(const nn::squeeze_excitation&, const at::Tensor&));

} // namespace detail

/// As `training`, on a team of threads: layers with their norms, which see the statistics of the whole batch, share its samples out. The outcome is
/// that of `training` but for the order in which sums are formed, and the same for any number of threads. Numbers of 32 bits on a processor only;
/// others are computed as by `training`.
struct training_in_shards : training {
    explicit training_in_shards(training mode = {}) : training{std::move(mode)} {}

    [[nodiscard]] static bool takes(const at::Tensor& x) { return x.device().is_cpu() && x.scalar_type() == at::kFloat && x.dim() == 4; }
    [[nodiscard]] static bool takes(const convolution& c, const at::Tensor& x) {
        return takes(x) && !c.grouped_norm && c.weight.scalar_type() == at::kFloat && x.size(0) * x.size(2) * x.size(3) > 1;
    }
    [[nodiscard]] static at::Tensor convolve(const convolution& c, const at::Tensor& weight, const at::Tensor& x) {
        if (detail::convolution_in_shards::knows(c.act)) return detail::convolved_in_shards(c, weight, x);
        auto linear = c;
        linear.act = workload::nonlinearity::none;
        return activate(c.act, detail::convolved_in_shards(linear, weight, x));
    }
    [[nodiscard]] static at::Tensor excite(const squeeze_excitation& se, const at::Tensor& x) { return detail::excited_in_shards(se, x); }
};

} // namespace verdant::nn
