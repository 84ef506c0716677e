#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/detail/lexicographic_order.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

/// The vectors of a set that no other dominates.
namespace verdant::pareto {

/// What happens to equal vectors that nothing else dominates.
enum class equal_vectors {
    keep_first, ///< one of them stays: a clean front
    keep_all,   ///< all stay: equal vectors do not dominate each other
    keep_none   ///< they eliminate each other, as in the front extraction of the published CATransformers code (dominance by >= and <= only)
};

namespace detail {

/// Members of the first front in lexicographic order: whoever is not weakly dominated by a distinct earlier vector.
template <class = instantiated_when_used>
std::vector<std::uint32_t> first_front(objective_rows points, std::span<const std::uint32_t> order) {
    std::vector<std::uint32_t> front;
    for (const auto candidate : order) {
        const double* p = points.row(candidate);
        const bool dominated = std::any_of(front.rbegin(), front.rend(), [&](std::uint32_t member) {
            const double* q = points.row(member);
            bool equal = true;
            for (std::size_t j = 0; j < points.objectives(); ++j) {
                if (q[j] > p[j]) return false;
                equal &= q[j] == p[j];
            }
            return !equal;
        });
        if (!dominated) front.push_back(candidate);
    }
    return front;
}

} // namespace detail

/// Indices, ascending, of the vectors that no other dominates; `equal` says what to do with equal ones. Throws `input_error` for a NaN.
/// O(n log n + n f m) for a front of f vectors.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::uint32_t> front_indices(objective_rows points, equal_vectors equal = equal_vectors::keep_first) {
    require_numbers(points);
    std::vector<std::uint32_t> order(points.size());
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    detail::lexicographic_order{}.sort(points, order);
    const auto front = detail::first_front(points, order);

    // Equal vectors stand side by side, in the order of their indices.
    const auto same = [points](std::uint32_t a, std::uint32_t b) {
        return std::equal(points.row(a), points.row(a) + points.objectives(), points.row(b));
    };
    std::vector<std::uint32_t> kept;
    for (std::size_t begin = 0, end = 0; begin < front.size(); begin = end) {
        while (end < front.size() && same(front[begin], front[end])) ++end;
        if (equal == equal_vectors::keep_none && end - begin > 1) continue;
        const auto last = equal == equal_vectors::keep_all ? end : begin + 1;
        kept.insert(kept.end(), front.begin() + static_cast<std::ptrdiff_t>(begin), front.begin() + static_cast<std::ptrdiff_t>(last));
    }
    std::sort(kept.begin(), kept.end());
    return kept;
}
VERDANT_DEFINED_ONCE(std::vector<std::uint32_t> front_indices<>(objective_rows, equal_vectors));

/// Indices, ascending, of the rows that do not repeat an earlier row in every column. Before `equal_vectors::keep_none` this makes repeats
/// of one trial count once, as the published latency and energy fronts do.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::uint32_t> without_repeats(objective_rows rows) {
    require_numbers(rows);
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    detail::lexicographic_order{}.sort(rows, order);
    const auto end = std::unique(order.begin(), order.end(), [rows](std::uint32_t a, std::uint32_t b) {
        return std::equal(rows.row(a), rows.row(a) + rows.objectives(), rows.row(b));
    });
    order.erase(end, order.end());
    std::sort(order.begin(), order.end());
    return order;
}
VERDANT_DEFINED_ONCE(std::vector<std::uint32_t> without_repeats<>(objective_rows));

} // namespace verdant::pareto
