#pragma once

#include <verdant/nn/image_set.hpp>
#include <verdant/nn/labelled_images.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/search/thread_pool.hpp>

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <vector>

namespace verdant::nn {

/// Loads images of a set by several threads.
/// @param rows  of the set @param side of the images in pixels
/// @param write (row, const io::rgb_image&) -> 3 x side x side numbers @throws what the first of the rows that fail throws
template <image_set Set, class Write>
[[nodiscard]] labelled_images load_images(const Set& set, std::span<const std::int64_t> rows, int side, thread_pool& pool, const Write& write) {
    const auto n = static_cast<std::int64_t>(rows.size());
    labelled_images out{at::empty({n, 3, side, side}, at::kFloat), at::empty({n}, at::kLong)};
    auto* const images = out.images.template data_ptr<float>();
    auto* const labels = out.labels.template data_ptr<std::int64_t>();
    const auto numbers = 3 * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    std::vector<std::exception_ptr> failures(rows.size());
    pool(rows.size(), [&](std::size_t i) {
        try {
            const auto row = static_cast<std::size_t>(rows[i]);
            const std::vector<float> pixels = write(rows[i], set.image(row));
            std::copy_n(pixels.begin(), numbers, images + i * numbers);
            labels[i] = set.label(row);
        } catch (...) { failures[i] = std::current_exception(); }
    });
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
    return out;
}

} // namespace verdant::nn
