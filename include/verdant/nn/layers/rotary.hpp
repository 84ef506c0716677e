#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/workload/transformer/llama.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/matmul.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

/// Rotary positional embeddings.
namespace verdant::nn {

/// How fast each pair of channels of a head turns with the position, in radians a token: base^(-2 i / d) (Su et al. 2021), stretched for long
/// texts as `workload::rotary_scaling` says (transformers, modeling_rope_utils: llama3).
[[nodiscard]] inline std::vector<double> rotary_frequencies(const workload::llama_config& c) {
    std::vector<double> out;
    const auto& s = c.scaling;
    const double original = s.original_positions;
    for (int i = 0; i < c.head_width(); i += 2) {
        const double frequency = std::pow(c.rotary_base, -static_cast<double>(i) / c.head_width());
        const double length = 2 * std::numbers::pi / frequency;
        if (s.factor == 1 || length < original / s.high_frequency) out.push_back(frequency);
        else if (length > original / s.low_frequency) out.push_back(frequency / s.factor);
        else {
            const double blend = (original / length - s.low_frequency) / (s.high_frequency - s.low_frequency);
            out.push_back((1 - blend) * frequency / s.factor + blend * frequency);
        }
    }
    return out;
}

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
