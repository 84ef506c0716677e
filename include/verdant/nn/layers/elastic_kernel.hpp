#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/eye.h>
#include <ATen/ops/linear.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Kernels of elastic sizes.
namespace verdant::nn {

/// How depthwise kernels of one size become kernels of the next smaller one: the K'^2 weights in the centre, times a matrix.
struct kernel_step {
    std::int64_t from = 0, to = 0; ///< K > K', both odd
    at::Tensor matrix;             ///< [K'^2, K'^2]; the identity at first, trained with the rest

    /// The name in checkpoints: `7to5_matrix`.
    [[nodiscard]] std::string name() const { return std::to_string(from) + "to" + std::to_string(to) + "_matrix"; }
};

/// The steps between the sizes that a kernel may have, largest first, each matrix the identity. @param sizes odd, in any order
template <class = instantiated_when_used>
[[nodiscard]] std::vector<kernel_step> identity_steps(std::span<const int> sizes, const at::TensorOptions& o = at::kFloat) {
    std::vector<int> sorted(sizes.begin(), sizes.end());
    std::sort(sorted.begin(), sorted.end(), std::greater{});
    std::vector<kernel_step> out;
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        const std::int64_t to = sorted[i];
        out.push_back({sorted[i - 1], to, at::eye(to * to, o)});
    }
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<kernel_step> identity_steps<>(std::span<const int>, const at::TensorOptions&));

/// Rows and columns in the centre of kernels [C, 1, K, K]: a view [C, 1, size, size].
[[nodiscard]] inline at::Tensor centre_of(const at::Tensor& kernels, std::int64_t size) {
    const auto first = kernels.size(2) / 2 - size / 2;
    return kernels.narrow(2, first, size).narrow(3, first, size);
}

/// The kernels of a smaller size within larger ones (Once-for-all, section 3.3 of the paper): step by step the centre, row-major, times
/// the step's matrix, so that 3 is reached through 5. Without steps, the centre.
/// @param kernels [C, 1, K, K] @param steps largest first, from K on @return [C, 1, size, size]; the kernels themselves for size K
/// @throws error if the steps do not pass through `size`
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor transformed_kernels(const at::Tensor& kernels, std::span<const kernel_step> steps, std::int64_t size) {
    if (steps.empty() && size < kernels.size(2)) return centre_of(kernels, size);
    auto out = kernels;
    for (const auto& step : steps) {
        if (out.size(2) <= size) break;
        const auto flat = centre_of(out, step.to).reshape({out.size(0), step.to * step.to});
        out = at::linear(flat, step.matrix).view({out.size(0), 1, step.to, step.to});
    }
    if (out.size(2) != size)
        throw error{"kernels of size " + std::to_string(kernels.size(2)) + " have none of size " + std::to_string(size) + " in them"};
    return out;
}
VERDANT_DEFINED_ONCE(at::Tensor transformed_kernels<>(const at::Tensor&, std::span<const kernel_step>, std::int64_t));

} // namespace verdant::nn
