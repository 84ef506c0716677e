#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/predictor/graph/edge_functions.hpp>
#include <verdant/predictor/graph/detail/norm_kernels.hpp>

#include <ATen/ops/empty_like.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace verdant::predictor {

namespace detail {

struct norm_function : torch::autograd::Function<norm_function> {
    using context = torch::autograd::AutogradContext;
    using tensors = torch::autograd::variable_list;

    /// The result, and the moments of the columns [2, columns] in double precision.
    static tensors forward(context* kept, double slope, double epsilon, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                           const at::Tensor& residual_or_none) {
        const auto residual = none_to_undefined(residual_or_none);
        const auto n = static_cast<std::size_t>(x.size(1));
        auto y = at::empty_like(x), moments = at::empty({2, x.size(1)}, x.options().dtype(at::kDouble)), rows = at::empty({4, x.size(1)}, x.options());
        by_type(x, [&](auto number) {
            using T = decltype(number);
            std::vector<T> mean;
            std::vector<double> variance;
            column_moments(static_cast<std::size_t>(x.size(0)), n, memory<T>(x), mean, variance);
            T* const at = writable<T>(rows); // mean, inverse, scale, shift
            for (std::size_t c = 0; c < n; ++c) {
                at[c] = mean[c];
                at[n + c] = static_cast<T>(1 / std::sqrt(variance[c] + epsilon));
                at[2 * n + c] = at[n + c] * memory<T>(weight)[c];
                at[3 * n + c] = memory<T>(bias)[c] - mean[c] * at[2 * n + c];
                writable<double>(moments)[c] = static_cast<double>(mean[c]);
                writable<double>(moments)[n + c] = variance[c];
            }
            normalise(inputs<T>(x, rows, residual, slope), writable<T>(y));
        });
        kept->save_for_backward({x, rows});
        kept->saved_data["slope"] = slope;
        kept->saved_data["residual"] = residual.defined();
        kept->mark_non_differentiable({moments});
        return {y, moments};
    }

    static tensors backward(context* kept, const tensors& gradients) {
        const auto saved = kept->get_saved_variables();
        const auto& x = saved[0];
        const auto incoming = gradients.at(0).contiguous();
        auto of_x = at::empty_like(x), of_weight = at::empty({x.size(1)}, x.options()), of_bias = at::empty({x.size(1)}, x.options());
        by_type(x, [&](auto number) {
            using T = decltype(number);
            const T* const rows = memory<T>(saved[1]);
            normalise_backwards(inputs<T>(x, saved[1], {}, kept->saved_data["slope"].toDouble()), rows, rows + x.size(1), memory<T>(incoming),
                                writable<T>(of_x), writable<T>(of_weight), writable<T>(of_bias));
        });
        return {{}, {}, of_x, of_weight, of_bias, kept->saved_data["residual"].toBool() ? incoming : at::Tensor{}};
    }

private:
    template <class T>
    static norm_inputs<T> inputs(const at::Tensor& x, const at::Tensor& rows, const at::Tensor& residual, double slope) {
        const T* const at = memory<T>(rows);
        return {static_cast<std::size_t>(x.size(0)), static_cast<std::size_t>(x.size(1)), static_cast<T>(slope), memory<T>(x), at + 2 * x.size(1),
                at + 3 * x.size(1), memory<T>(residual)};
    }
};

} // namespace detail

/// Batch normalisation over the nodes of all graphs of a batch, as BatchNorm1d of PyTorch, followed by an activation and, where there is one, a sum.
struct node_norm {
    at::Tensor weight, bias, running_mean, running_var;
    at::Tensor num_batches_tracked; ///< int64 []
    double epsilon = 1e-5, momentum = 0.1;

    /// act(norm(x)) + residual by the moments of this batch, which move the running ones.
    /// @param slope of the activation below 0 @param residual of the shape of x, or undefined
    [[nodiscard]] at::Tensor train(const at::Tensor& x, double slope, const at::Tensor& residual = {}) const {
        const auto out = detail::norm_function::apply(slope, epsilon, x.contiguous(), weight, bias, detail::input_or_none(residual, x));
        const c10::AutoGradMode off{false};
        const auto n = static_cast<double>(x.size(0));
        running_mean.mul_(1 - momentum).add_(out[1][0].to(x.scalar_type()), momentum);
        running_var.mul_(1 - momentum).add_((out[1][1] * (n > 1 ? n / (n - 1) : 1)).to(x.scalar_type()), momentum);
        num_batches_tracked.add_(1);
        return out[0];
    }

    /// The same by the running moments, without gradients.
    [[nodiscard]] at::Tensor evaluate(const at::Tensor& x, double slope, const at::Tensor& residual = {}) const {
        const c10::AutoGradMode off{false};
        const auto plain = x.contiguous();
        const auto scale = weight / (running_var + epsilon).sqrt(), shift = bias - running_mean * scale;
        auto y = at::empty_like(plain);
        detail::by_type(plain, [&](auto number) {
            using T = decltype(number);
            detail::normalise<T>({static_cast<std::size_t>(plain.size(0)), static_cast<std::size_t>(plain.size(1)), static_cast<T>(slope), detail::memory<T>(plain),
                                  detail::memory<T>(scale), detail::memory<T>(shift), detail::memory<T>(residual)},
                                 detail::writable<T>(y));
        });
        return y;
    }
};

} // namespace verdant::predictor
