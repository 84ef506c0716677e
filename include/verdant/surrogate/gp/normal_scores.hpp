#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/normal_distribution.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

namespace verdant::surrogate {

/// Each number becomes the quantile of the standard normal distribution at (rank - 1/2) / n, where equal numbers share the mean of their ranks: an
/// increasing map that leaves nothing of scale and outliers (van der Waerden scores; Salinas, Shen, Perrone, "A quantile-based approach for
/// hyperparameter transfer learning", ICML 2020, fit Gaussian processes to such).
/// @param values finite
template <class = instantiated_when_used>
[[nodiscard]] std::vector<double> normal_scores(std::span<const double> values) {
    const auto n = values.size();
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] != values[b] ? values[a] < values[b] : a < b; });
    std::vector<double> scores(n);
    for (std::size_t first = 0; first < n;) {
        auto last = first;
        while (last + 1 < n && !(values[order[first]] < values[order[last + 1]])) ++last;
        const auto score = normal_quantile((0.5 * static_cast<double>(first + last) + 0.5) / static_cast<double>(n));
        for (; first <= last; ++first) scores[order[first]] = score;
    }
    return scores;
}
VERDANT_DEFINED_ONCE(std::vector<double> normal_scores<>(std::span<const double>));

} // namespace verdant::surrogate
