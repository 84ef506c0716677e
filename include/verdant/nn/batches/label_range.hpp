#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace verdant::nn {

/// Refuses labels that are not classes, before LibTorch meets them in a loss. @param labels [N], classes; undefined or empty ones pass
/// @param source, place what they are of, for the error @throws input_error naming the first such label and where in `labels` it is
inline void check_labels(const at::Tensor& labels, std::int64_t classes, std::string_view source, std::string_view place = {}) {
    if (!labels.defined() || labels.numel() == 0 || labels.dim() != 1 || labels.is_floating_point()) return; // shares of classes are no numbers of classes
    const auto wrong = labels.lt(0).logical_or(labels.ge(classes));
    if (!wrong.any().item<bool>()) return;
    const auto first = wrong.to(at::kLong).argmax().item<std::int64_t>();
    throw input_error{source, place, "labels from 0 to " + std::to_string(classes - 1) + ", one for each class",
                      std::to_string(labels[first].item<std::int64_t>()) + " at place " + std::to_string(first)};
}

} // namespace verdant::nn
