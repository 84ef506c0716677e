#pragma once

#include <verdant/nn/core/prelude.hpp>

namespace verdant::nn {

/// Images with their classes.
struct labelled_images {
    at::Tensor images; ///< [I, channels, S, S], preprocessed
    at::Tensor labels; ///< [I], classes

    /// Those with these indices.
    [[nodiscard]] labelled_images chosen(const at::Tensor& indices) const {
        return {images.index_select(0, indices), labels.index_select(0, indices)};
    }
};

} // namespace verdant::nn
