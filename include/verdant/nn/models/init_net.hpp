#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/models/net_state.hpp>

#include <ATen/ops/eye.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <cstdint>
#include <string>

/// The first weights of convolutional networks.
namespace verdant::nn {

/// Which channels the deviation of a convolution's weights follows from.
enum class init_fan : unsigned char { out, in };

namespace detail {

/// First numbers of one tensor, see `initialise`.
template <class = instantiated_when_used>
void initialise_tensor(const std::string& name, at::Tensor& t, at::Generator& stream, nn::init_fan fan) {
    if (name.ends_with("_matrix")) t.copy_(at::eye(t.size(0), t.options()));
    else if (t.dim() == 4) {
        // A depthwise convolution has as many inputs as outputs, but one for each filter.
        const bool depthwise = t.size(1) == 1 && name.find("depth_conv.conv") != std::string::npos;
        const auto channels = fan == nn::init_fan::out || depthwise ? t.size(0) : t.size(1);
        t.normal_(0, std::sqrt(2.0 / static_cast<double>(t.size(2) * t.size(3) * channels)), stream);
    } else if (t.dim() == 2) {
        const double bound = 1 / std::sqrt(static_cast<double>(t.size(1)));
        t.uniform_(-bound, bound, stream);
    } else t.fill_(name.ends_with(".weight") || name.ends_with("running_var") ? 1 : 0);
}
VERDANT_DEFINED_ONCE(void initialise_tensor<>(const std::string&, at::Tensor&, at::Generator&, nn::init_fan));

} // namespace detail

/// Weights as Once-for-all's `he_fout` (or `he_fin`) starts with (my_modules.py, init_models): convolutions normal with variance 2 / (k^2 channels),
/// groups not counted; linear weights uniform within 1 / sqrt(inputs); norms the identity, biases zero, kernel matrices the identity. The seed
/// alone determines the weights.
template <convolutional_net Net>
void initialise(Net& net, std::uint64_t seed = 0, init_fan fan = init_fan::out) {
    const c10::AutoGradMode off{false};
    auto stream = generator(seed);
    for_each_tensor(net, [&](const std::string& name, at::Tensor& t, bool) { verdant::nn::detail::initialise_tensor(name, t, stream, fan); });
}

} // namespace verdant::nn
