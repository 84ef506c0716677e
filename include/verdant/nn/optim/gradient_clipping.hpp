#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/models/clip.hpp>

#include <ATen/ops/isfinite.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

/// Clips gradients by their norm.
namespace verdant::nn {

/// The Euclidean length of all gradients of a model as one vector.
[[nodiscard]] inline double gradient_norm(const clip_model& m) {
    std::vector<at::Tensor> gradients;
    for_each_parameter(m, [&gradients](const std::string&, const at::Tensor& t) {
        if (t.grad().defined()) gradients.push_back(t.grad());
    });
    std::vector<double> lengths(gradients.size());
    thread_team::share(lengths.size(), m.logit_scale.device(), [&](std::size_t i) { lengths[i] = gradients[i].to(at::kDouble).norm().item<double>(); });
    double squares = 0;
    for (const double length : lengths) squares += length * length;
    return std::sqrt(squares);
}

/// Shortens the gradients to the length `most` where they are longer, as torch.nn.utils.clip_grad_norm_: by most / (length + 1e-6). Gives the
/// length before.
template <class = instantiated_when_used>
double clip_gradient_norm(const clip_model& m, double most) {
    const c10::AutoGradMode off{false};
    const double length = gradient_norm(m), factor = most / (length + 1e-6);
    if (factor < 1)
        for_each_parameter(m, [factor](const std::string&, const at::Tensor& t) {
            if (t.grad().defined()) t.grad().mul_(factor);
        });
    return length;
}
VERDANT_DEFINED_ONCE(double clip_gradient_norm<>(const clip_model&, double));

/// Whether all gradients are finite numbers.
template <class = instantiated_when_used>
[[nodiscard]] bool gradients_are_finite(const clip_model& m) {
    const c10::AutoGradMode off{false};
    at::Tensor sum, finite;
    // A sum shows what is not finite among its terms, and costs less than to look at each.
    for_each_parameter(m, [&sum](const std::string&, const at::Tensor& t) {
        if (t.grad().defined()) sum = sum.defined() ? sum + t.grad().sum() : t.grad().sum();
    });
    if (!sum.defined() || std::isfinite(sum.item<double>())) return true;
    // It may also have overflowed.
    for_each_parameter(m, [&finite](const std::string&, const at::Tensor& t) {
        if (!t.grad().defined()) return;
        const auto here = at::isfinite(t.grad()).all();
        finite = finite.defined() ? finite.logical_and(here) : here;
    });
    return finite.item<bool>();
}
VERDANT_DEFINED_ONCE(bool gradients_are_finite<>(const clip_model&));

/// Divides all gradients by the factor that the loss had. Gives whether all are finite then.
template <class = instantiated_when_used>
[[nodiscard]] bool unscale_gradients(const clip_model& m, double scale) {
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
VERDANT_DEFINED_ONCE(bool unscale_gradients<>(const clip_model&, double));

} // namespace verdant::nn
