#pragma once

#include <verdant/workload/transformer/llama.hpp>

#include <cmath>
#include <numbers>
#include <vector>

namespace verdant::workload {

/// How fast each pair of channels of a head turns with the position, in radians a token: base^(-2 i / d) (Su et al. 2021), stretched for long
/// texts as `rotary_scaling` says (transformers, modeling_rope_utils: llama3).
[[nodiscard]] inline std::vector<double> rotary_frequencies(const llama_config& c) {
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

} // namespace verdant::workload
