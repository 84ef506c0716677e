#pragma once

#include <verdant/nn/clip.hpp>
#include <verdant/nn/prelude.hpp>

#include <ATen/ops/isfinite.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <string>

namespace verdant::nn {

/// The Euclidean length of all gradients of a model as one vector.
[[nodiscard]] inline double gradient_norm(const clip_model& m) {
    double squares = 0;
    for_each_parameter(m, [&squares](const std::string&, const at::Tensor& t) {
        if (!t.grad().defined()) return;
        const auto length = t.grad().to(at::kDouble).norm().item<double>();
        squares += length * length;
    });
    return std::sqrt(squares);
}

/// Shortens the gradients to the length `most` where they are longer, as torch.nn.utils.clip_grad_norm_: by most / (length + 1e-6). Gives the
/// length before.
inline double clip_gradient_norm(const clip_model& m, double most) {
    const c10::AutoGradMode off{false};
    const double length = gradient_norm(m), factor = most / (length + 1e-6);
    if (factor < 1)
        for_each_parameter(m, [factor](const std::string&, const at::Tensor& t) {
            if (t.grad().defined()) t.grad().mul_(factor);
        });
    return length;
}

/// Divides all gradients by the factor that the loss had. Gives whether all are finite then.
[[nodiscard]] inline bool unscale_gradients(const clip_model& m, double scale) {
    const c10::AutoGradMode off{false};
    at::Tensor finite;
    for_each_parameter(m, [&](const std::string&, const at::Tensor& t) {
        if (!t.grad().defined()) return;
        t.grad().mul_(1 / scale);
        const auto here = at::isfinite(t.grad()).all();
        finite = finite.defined() ? finite.logical_and(here) : here;
    });
    return !finite.defined() || finite.item<bool>();
}

} // namespace verdant::nn
