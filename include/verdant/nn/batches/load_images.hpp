#pragma once

#include <verdant/data/images/image_set.hpp>
#include <verdant/data/sampling/damaged_samples.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/parallel/thread_pool.hpp>

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
/// @param write (row, const io::rgb_image&) -> 3 x side x side numbers
/// @param damaged what to do with images that cannot be read; null: that is an error
/// @throws what the first of the rows that fail throws
template <image_set Set, class Write>
[[nodiscard]] labelled_images load_images(const Set& set, std::span<const std::int64_t> rows, int side, thread_pool& pool, const Write& write,
                                          damaged_samples* damaged = nullptr) {
    const auto n = static_cast<std::int64_t>(rows.size());
    labelled_images out{at::empty({n, 3, side, side}, at::kFloat), at::empty({n}, at::kLong)};
    auto* const images = out.images.template data_ptr<float>();
    auto* const labels = out.labels.template data_ptr<std::int64_t>();
    const auto numbers = 3 * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    std::vector<std::exception_ptr> failures(rows.size());
    pool(rows.size(), [&](std::size_t i) {
        try {
            const auto load = [&](std::size_t row) {
                const std::vector<float> pixels = write(rows[i], set.image(row));
                std::copy_n(pixels.begin(), numbers, images + i * numbers);
                labels[i] = static_cast<std::int64_t>(set.label(row));
            };
            const auto row = static_cast<std::size_t>(rows[i]);
            if (damaged == nullptr) load(row);
            else damaged->load(row, load);
        } catch (...) { failures[i] = std::current_exception(); }
    });
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
    return out;
}

} // namespace verdant::nn
