#pragma once

#include <verdant/nn/core/prelude.hpp>

namespace verdant::nn {

/// Pairs of images, [N, 3, S, S] preprocessed, and texts, token ids [N, context].
struct image_text_batch {
    at::Tensor images, ids;
    /// [N, K], the tokens of each image that are looked at, see `patch_dropout`; undefined for all.
    at::Tensor patches{};
};

} // namespace verdant::nn
