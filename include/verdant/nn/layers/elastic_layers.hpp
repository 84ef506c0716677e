#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/convolution.hpp>
#include <verdant/nn/layers/residual_block.hpp>

#include <ATen/ops/cat.h>

#include <cstdint>
#include <vector>

/// Layers of which a sub-network takes the leading part.
namespace verdant::nn {

/// The first outputs of a linear layer for the first inputs; views (Once-for-all, dynamic_op.py, DynamicLinear).
[[nodiscard]] inline affine leading(const affine& layer, std::int64_t in, std::int64_t out) {
    return {layer.weight.narrow(0, 0, out).narrow(1, 0, in), layer.bias.defined() ? layer.bias.narrow(0, 0, out) : layer.bias};
}

/// The filters of a grouped convolution whose number of groups is elastic (Once-for-all, dynamic_op.py, DynamicGroupConv2d): of every filter the
/// centre k x k, and group g of `groups` takes the slice of inputs number g modulo the slices that the stored filters have.
/// @param weight [out, W, K, K] as stored, for the fewest groups @param in channels that the layer takes, divisible by `groups`
/// @return [out, in / groups, k, k]
[[nodiscard]] inline at::Tensor group_filters(const at::Tensor& weight, std::int64_t in, std::int64_t groups, std::int64_t kernel) {
    const auto first = weight.size(2) / 2 - kernel / 2, width = in / groups, rows = weight.size(0) / groups, slices = weight.size(1) / width;
    const auto cropped = weight.narrow(2, first, kernel).narrow(3, first, kernel);
    std::vector<at::Tensor> parts;
    for (std::int64_t g = 0; g < groups; ++g) parts.push_back(cropped.narrow(0, g * rows, rows).narrow(1, (g % slices) * width, width));
    return at::cat(parts);
}

/// A grouped convolution with so many groups and a kernel of that side, out of one that is stored for its fewest groups and largest kernel. It takes
/// and gives the same channels. Copies, through which gradients flow.
[[nodiscard]] inline convolution regrouped(const convolution& whole, std::int64_t groups, std::int64_t kernel) {
    convolution part = whole;
    part.weight = group_filters(whole.weight, channels_in(whole), groups, kernel);
    part.groups = groups;
    return part;
}

} // namespace verdant::nn
