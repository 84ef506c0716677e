#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/group_norm.h>

#include <algorithm>
#include <cstdint>

namespace verdant::nn {

/// Group normalisation in place of batch normalisation (Wu and He, ECCV 2018; ofa/utils/my_modules.py, `replace_bn_with_gn`): statistics of each
/// image, over neighbouring channels and the map. Training and evaluation compute the same, so a part of a supernet needs no recalibration.
struct group_norm {
    at::Tensor weight, bias; ///< [C]
    std::int64_t channels = 8; ///< of a group at most, see `group_width`
    double epsilon = 1e-5;
};

/// How many of `channels` form a group: the largest divisor that is at most `wanted`. @pre both positive
[[nodiscard]] constexpr std::int64_t group_width(std::int64_t channels, std::int64_t wanted) {
    auto width = std::min(channels, wanted);
    while (channels % width != 0) --width;
    return width;
}

/// The norm of x [B, C, H, W].
[[nodiscard]] inline at::Tensor forward(const group_norm& n, const at::Tensor& x) {
    return at::group_norm(x, x.size(1) / group_width(x.size(1), n.channels), n.weight, n.bias, n.epsilon);
}

/// The same norm for the first `channels` channels only: views.
[[nodiscard]] inline group_norm leading(const group_norm& n, std::int64_t channels) {
    if (n.weight.size(0) == channels) return n;
    return {n.weight.narrow(0, 0, channels), n.bias.narrow(0, 0, channels), n.channels, n.epsilon};
}

/// Weight standardisation (Qiao et al., 2019; ofa/utils/my_modules.py, `MyConv2d`): every filter without its mean, divided by its unbiased standard
/// deviation plus epsilon. @param weight [out, in / groups, k, k], more than one number a filter
[[nodiscard]] inline at::Tensor standardised(const at::Tensor& weight, double epsilon) {
    const auto centred = weight - weight.mean(at::IntArrayRef{1, 2, 3}, true);
    return centred / (centred.flatten(1).std(at::IntArrayRef{1}, true, true) + epsilon).view({weight.size(0), 1, 1, 1});
}

} // namespace verdant::nn
