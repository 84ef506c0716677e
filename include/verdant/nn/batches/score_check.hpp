#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace verdant::nn {

/// Refuses the scores of a network that gives NaN, which sort as the highest or the first ones and would count as right by chance.
/// @param scores [N, ...] @param source who judges @param first the number of the first row among all
/// @throws input_error naming the first such row, from 0
inline void check_scores(const at::Tensor& scores, std::string_view source, std::int64_t first = 0) {
    const auto wrong = scores.detach().isnan();
    if (!wrong.any().item<bool>()) return;
    const auto row = wrong.flatten().to(at::kLong).argmax().item<std::int64_t>() / (scores.numel() / scores.size(0));
    throw input_error{source, "row " + std::to_string(first + row), "scores that are numbers", "NaN, of a network that gives NaN"};
}

} // namespace verdant::nn
