#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/upsample_linear1d.h>

#include <cmath>
#include <cstdint>
#include <string>

/// Positional embeddings, resized to another number of tokens.
namespace verdant::nn {

/// A vision positional table [tokens, W] for another number of tokens, as OpenCLIP resizes it: the row of the class token stays, the others
/// are a square grid, resampled bicubically with anti-aliasing, corners not aligned.
/// @throws input_error unless both sizes are one more than a square
[[nodiscard]] inline at::Tensor resized_vision_positions(const at::Tensor& table, std::int64_t tokens) {
    if (table.dim() != 2 || table.size(0) == tokens) return table;
    const auto side = [](std::int64_t rows) {
        const auto s = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(rows - 1))));
        if (rows < 2 || s * s != rows - 1)
            throw input_error{"visual.positional_embedding", "", "a square of patches and one token", std::to_string(rows) + " rows"};
        return s;
    };
    const auto from = side(table.size(0)), to = side(tokens), width = table.size(1);
    const auto grid = table.slice(0, 1).reshape({1, from, from, width}).permute({0, 3, 1, 2}).contiguous();
    const auto resized = at::_upsample_bicubic2d_aa(grid, {to, to}, false);
    return at::cat({table.slice(0, 0, 1), resized.permute({0, 2, 3, 1}).reshape({to * to, width})});
}

/// A text positional table [context, w] for another context, interpolated linearly, corners not aligned.
[[nodiscard]] inline at::Tensor resized_text_positions(const at::Tensor& table, std::int64_t context) {
    if (table.dim() != 2 || table.size(0) == context) return table;
    return at::upsample_linear1d(table.t().unsqueeze(0).contiguous(), {context}, false).squeeze(0).t().contiguous();
}

} // namespace verdant::nn
