#pragma once

// What every model of the concept `executor` keeps.

#include "catch.hpp"

#include <verdant/parallel/executor.hpp>

#include <atomic>
#include <cstddef>
#include <vector>

namespace laws {

template <verdant::executor X>
void obeys_executor_laws(X& run) {
    for (const std::size_t n : {0U, 1U, 2U, 3U, 8U, 1000U, 5U, 0U}) {
        std::vector<std::atomic<int>> calls(n);
        std::atomic<bool> outside{false};
        run(n, [&](std::size_t i) {
            if (i < n) ++calls[i];
            else outside = true;
        });
        // All are done by now, each once.
        REQUIRE_FALSE(outside);
        for (const auto& c : calls) REQUIRE(c == 1);
    }
    // Tasks of very different length.
    std::vector<double> sums(64);
    run(sums.size(), [&](std::size_t i) {
        for (std::size_t k = 0; k < (i % 16 == 0 ? 200'000U : 10U); ++k) sums[i] += static_cast<double>(k % 7);
    });
    for (std::size_t i = 0; i < sums.size(); ++i) REQUIRE(sums[i] == (i % 16 == 0 ? 599'994.0 : 24.0));
}

} // namespace laws
