#pragma once

#include <verdant/surrogate/logarithmic.hpp>

#include <string_view>

namespace verdant::tabular {

/// Whether a metric is better learnt as it is or as logarithm: rates (`.../s`) are the reciprocals of times to which each part of a network adds, so
/// that their size changes what a part costs. On a fifth of the training rows of Accel-NASBench, fitted to the others (docs/fitting_surrogates.md),
/// trees of logarithms err less for each of its throughputs, and more for its accuracy and its latencies, which are sums already.
[[nodiscard]] constexpr surrogate::label_scale preferred_labels(std::string_view unit) noexcept {
    return unit.ends_with("/s") || unit.ends_with("/s/core") ? surrogate::label_scale::logarithm : surrogate::label_scale::plain;
}

} // namespace verdant::tabular
