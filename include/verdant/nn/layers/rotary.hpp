#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/workload/transformer/llama.hpp>
#include <verdant/workload/transformer/rotary_frequencies.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/matmul.h>

#include <cstddef>
#include <cstdint>

/// Rotary positional embeddings.
namespace verdant::nn {

using workload::rotary_frequencies;

/// Cosines and sines of the angles of every token and channel, [N, d] each, the second half of the channels as the first.
struct rotary_table {
    at::Tensor cos, sin;
};

/// @param options type and device of the tables; angles are computed in 32 bits at least
[[nodiscard]] inline rotary_table rotary_table_of(const workload::llama_config& c, std::int64_t tokens, const at::TensorOptions& options) {
    const auto frequencies = rotary_frequencies(c);
    auto row = at::empty({1, static_cast<std::int64_t>(frequencies.size())}, at::kDouble);
    for (std::size_t i = 0; i < frequencies.size(); ++i) row.data_ptr<double>()[i] = frequencies[i];
    const auto type = options.dtype() == at::kDouble ? at::kDouble : at::kFloat;
    const auto wide = options.dtype(type);
    const auto angles = at::matmul(at::arange(tokens, wide).unsqueeze(1), row.to(options.device(), type));
    const auto both = at::cat({angles, angles}, 1);
    const auto narrow = at::typeMetaToScalarType(options.dtype());
    return {both.cos().to(narrow), both.sin().to(narrow)};
}

/// Queries or keys [B, heads, N, d], channel i turned together with channel i + d/2 by the token's angle.
[[nodiscard]] inline at::Tensor rotate(const rotary_table& table, const at::Tensor& x) {
    const auto halves = x.chunk(2, -1);
    return x * table.cos + at::cat({-halves[1], halves[0]}, -1) * table.sin;
}

} // namespace verdant::nn
