#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/predictor/graph/edge_functions.hpp>
#include <verdant/predictor/graph/graph_network.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace verdant::predictor {

/// The Euclidean length of all gradients of a network as one vector.
[[nodiscard]] inline double gradient_length(const graph_network& net) {
    double squares = 0;
    net.for_each_parameter([&squares](const std::string&, const at::Tensor& t) {
        if (!t.grad().defined()) return;
        const auto plain = t.grad().contiguous();
        detail::by_type(plain, [&](auto number) {
            using T = decltype(number);
            const T* const from = detail::memory<T>(plain);
            for (std::int64_t i = 0; i < plain.numel(); ++i) squares += static_cast<double>(from[i]) * static_cast<double>(from[i]);
        });
    });
    return std::sqrt(squares);
}

/// Shortens the gradients to the length `most` where they are longer, as torch.nn.utils.clip_grad_norm_: by most / (length + 1e-6). Gives the length
/// before.
template <class = instantiated_when_used>
double clip_gradients(const graph_network& net, double most) {
    const double length = gradient_length(net), factor = most / (length + 1e-6);
    if (factor < 1)
        net.for_each_parameter([factor](const std::string&, const at::Tensor& t) {
            if (t.grad().defined()) t.grad().mul_(factor);
        });
    return length;
}
VERDANT_DEFINED_ONCE(double clip_gradients<>(const graph_network&, double));

} // namespace verdant::predictor
