#pragma once

#include <verdant/error.hpp>
#include <verdant/predictor/accuracy_encoding.hpp>
#include <verdant/space/domain.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

namespace verdant::spaces {

/// The inputs of the published predictor of OFA-ResNet50D: one-hot image size, whether the stem has its residual convolution, width multipliers, and
/// ratios of all blocks, zero where inactive; 82 numbers. What `decode` gives has zeros for the ratios of inactive blocks, and the largest depth
/// for a stem with its residual convolution.
template <resnet_space S>
struct resnet_encoding {
    using arch_type = resnet_arch;
    using images = typename S::images;
    using expands = resnet_ratios;
    static constexpr std::size_t multipliers = S::resnet.multipliers.size();
    static constexpr std::size_t stem_offset = images::size, width_offset = stem_offset + 2;
    static constexpr std::size_t expand_offset = width_offset + arch_type{}.w.size() * multipliers;
    static constexpr std::size_t width = expand_offset + arch_type{}.e.size() * expands::size;

    /// Throws input_error for a value outside its list.
    static constexpr void encode(const arch_type& a, std::span<float> out) {
        std::fill(out.begin(), out.end(), 0.0F);
        verdant::spaces::detail::set_one_hot<images>(out.first(images::size), a.image_size, "image_size");
        out[stem_offset + (a.d[0] > 0 ? 1 : 0)] = 1;
        for (std::size_t i = 0; i < a.w.size(); ++i) {
            if (a.w[i] < 0 || static_cast<std::size_t>(a.w[i]) >= multipliers)
                throw input_error{"sub-network", "w", "an index of a width multiplier", std::to_string(a.w[i])};
            out[width_offset + i * multipliers + static_cast<std::size_t>(a.w[i])] = 1;
        }
        for (std::size_t s = 0; s < resnet_family::stages; ++s) {
            const int stage = static_cast<int>(s);
            const auto first = static_cast<std::size_t>(S::resnet.block_offset(stage));
            const int active = std::clamp(S::resnet.least_blocks[s] + a.d[s + 1], 0, S::resnet.blocks(stage));
            for (std::size_t i = first; i < first + static_cast<std::size_t>(active); ++i)
                verdant::spaces::detail::set_one_hot<expands>(out.subspan(expand_offset + i * expands::size, expands::size), a.e[i], "e");
        }
    }

    [[nodiscard]] static constexpr arch_type decode(std::span<const float> in) {
        arch_type a;
        a.image_size = verdant::spaces::detail::one_hot_value<int, images>(in.first(images::size));
        a.d[0] = in[stem_offset + 1] > 0.5F ? S::resnet.most_extra : 0;
        for (std::size_t i = 0; i < a.w.size(); ++i)
            for (std::size_t k = 0; k < multipliers; ++k)
                if (in[width_offset + i * multipliers + k] > 0.5F) a.w[i] = static_cast<int>(k);
        for (std::size_t s = 0; s < resnet_family::stages; ++s) {
            const int stage = static_cast<int>(s);
            const auto first = static_cast<std::size_t>(S::resnet.block_offset(stage));
            a.d[s + 1] = -S::resnet.least_blocks[s];
            for (std::size_t i = first; i < first + static_cast<std::size_t>(S::resnet.blocks(stage)); ++i) {
                a.e[i] = verdant::spaces::detail::one_hot_value<double, expands>(in.subspan(expand_offset + i * expands::size, expands::size));
                a.d[s + 1] += a.e[i] > 0 ? 1 : 0;
            }
        }
        return a;
    }
};

} // namespace verdant::spaces
