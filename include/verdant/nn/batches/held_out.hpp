#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>

#include <ATen/ops/randperm.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The split into samples that train and samples held out.
namespace verdant::nn {

/// Which samples train, and which of them are held out to validate.
struct held_out_rows {
    std::vector<std::int64_t> train, validation;
};

/// The seed with which Once-for-all and MOOFA hold out images (ofa, DataProvider.VALID_SEED).
inline constexpr std::uint64_t held_out_seed = 2147483647;

/// Which of `items` training images validate: the first `count` of LibTorch's permutation of the seed; the others train, in its order
/// (Once-for-all, base_provider.py, DataProvider.random_sample_valid_set). MOOFA holds out 100, Once-for-all 10000.
/// @throws input_error unless an image is left to train with
[[nodiscard]] inline held_out_rows hold_out(std::size_t items, std::size_t count, std::uint64_t seed = held_out_seed) {
    if (count >= items)
        throw input_error{"training data", "images held out", "fewer than the " + std::to_string(items) + " images", std::to_string(count)};
    const auto order = at::randperm(static_cast<std::int64_t>(items), generator(seed), at::kLong);
    const auto* const first = order.data_ptr<std::int64_t>();
    return {.train = {first + count, first + items}, .validation = {first, first + count}};
}

/// A set in two parts.
template <image_set Set>
struct held_out_sets {
    image_subset<Set> train, validation;
};

/// The same for a set of images, which both parts share.
template <image_set Set>
[[nodiscard]] held_out_sets<Set> hold_out(Set set, std::size_t count, std::uint64_t seed = held_out_seed) {
    auto rows = hold_out(static_cast<std::size_t>(set.size()), count, seed);
    const auto shared = std::make_shared<const Set>(std::move(set));
    return {{shared, std::move(rows.train)}, {shared, std::move(rows.validation)}};
}

} // namespace verdant::nn
