#pragma once

#include <verdant/data/benchmark/evaluation_sample.hpp>
#include <verdant/error.hpp>
#include <verdant/image/decode_image.hpp>
#include <verdant/image/preprocess.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <span>
#include <vector>

namespace verdant::io {

/// Decodes and preprocesses pictures at once: `samples.size()` x 3 x size x size numbers.
/// @param run an executor: calls `task(0)` .. `task(n - 1)`, each once, on threads of its choice
/// @throws input_error that names the first file that is not a picture
template <class Executor>
[[nodiscard]] std::vector<float> preprocess_batch(Executor& run, std::span<const evaluation_sample> samples, const preprocessing& how) {
    const std::size_t size = 3 * how.size * how.size;
    std::vector<float> out(samples.size() * size);
    // Tasks must not throw: a thread of the executor has nobody to catch it.
    std::vector<std::exception_ptr> failures(samples.size());
    run(samples.size(), [&](std::size_t i) {
        try {
            const auto pixels = preprocess(decode_image(samples[i].picture, samples[i].source), how);
            std::copy(pixels.begin(), pixels.end(), out.begin() + static_cast<std::ptrdiff_t>(i * size));
        } catch (...) { failures[i] = std::current_exception(); }
    });
    for (const auto& failure : failures)
        if (failure) std::rethrow_exception(failure);
    return out;
}

} // namespace verdant::io
