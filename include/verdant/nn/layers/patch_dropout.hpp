#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/random/stream.hpp>

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace verdant::nn {

/// In training each image is looked at through a random part of its patches (Li et al., "Scaling Language-Image Pre-training via Masking", CVPR 2023,
/// section 3), which saves that part of the work. The class token always stays.
struct patch_dropout {
    double probability = 0; ///< in [0, 1): the part of the patches that is left out
    std::uint64_t seed = 0;
};

/// Patches that stay of `patches`: the whole number below patches (1 - probability), and at least one.
[[nodiscard]] inline std::int64_t patches_left(std::int64_t patches, double probability) {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(patches) * (1 - probability)));
}

/// The tokens of each image that stay, [images, patches_left + 1], ascending, the class token 0 first. What stays of an image follows from the seed,
/// the step and the place of the image in the step alone, so that training goes on from a checkpoint, and is spread over processes, with the same
/// draws.
/// @param first the place of the first image among all those of the step, in all processes
/// @throws input_error for a probability outside [0, 1)
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor kept_patches(const patch_dropout& how, std::int64_t images, std::int64_t patches, std::int64_t step, std::int64_t first) {
    if (!(how.probability >= 0 && how.probability < 1))
        throw input_error{"patch dropout", "", "a probability of at least 0, below 1", std::to_string(how.probability)};
    const auto left = patches_left(patches, how.probability);
    auto out = at::empty({images, left + 1}, at::kLong);
    auto* row = out.data_ptr<std::int64_t>();
    // Another stream than those of the order and the crops, which follow from the same seed.
    const auto of_step = splitmix64(splitmix64(how.seed ^ 0x70617463686573ULL) + static_cast<std::uint64_t>(step));
    std::vector<std::int64_t> order(static_cast<std::size_t>(patches));
    for (std::int64_t i = 0; i < images; ++i, row += left + 1) {
        auto draws = random_stream::derive(of_step, static_cast<std::uint64_t>(first + i));
        std::iota(order.begin(), order.end(), 1);
        for (std::int64_t k = 0; k < left; ++k) {
            const auto other = k + static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>(patches - k)));
            std::swap(order[static_cast<std::size_t>(k)], order[static_cast<std::size_t>(other)]);
        }
        row[0] = 0;
        std::copy_n(order.begin(), left, row + 1);
        std::sort(row + 1, row + 1 + left);
    }
    return out;
}
VERDANT_DEFINED_ONCE(at::Tensor kept_patches<>(const patch_dropout&, std::int64_t, std::int64_t, std::int64_t, std::int64_t));

} // namespace verdant::nn
