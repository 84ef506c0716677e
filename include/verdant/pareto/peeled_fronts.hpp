#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/dominance.hpp>
#include <verdant/pareto/front_filter.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

/// Fronts one below the other, as AutoBuild peels them.
namespace verdant::pareto {

/// The vectors of the first front, then those that are the front of the rest, and so on. Of equal vectors each front has the first, so that the next
/// one is in the next front: unlike ranks of non-dominated sorting (AutoBuild: rm_search/ea/model_rm_custom.py, `num_pareto_runs`).
/// @return indices, ascending within each front
/// @throws input_error for a NaN
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::uint32_t> peeled_fronts(objective_rows points, std::size_t fronts) {
    std::vector<std::uint32_t> peeled, left(points.size()), kept;
    std::iota(left.begin(), left.end(), std::uint32_t{0});
    std::vector<double> values;
    for (std::size_t f = 0; f < fronts && !left.empty(); ++f) {
        values.clear();
        for (const auto i : left) values.insert(values.end(), points.row(i), points.row(i) + points.objectives());
        kept.clear();
        const auto front = front_indices({values, points.objectives()});
        for (std::size_t i = 0, next = 0; i < left.size(); ++i)
            if (next < front.size() && front[next] == i) {
                peeled.push_back(left[i]);
                ++next;
            } else {
                kept.push_back(left[i]);
            }
        left.swap(kept);
    }
    return peeled;
}
VERDANT_DEFINED_ONCE(std::vector<std::uint32_t> peeled_fronts<>(objective_rows, std::size_t));

/// Whether some of the vectors is nowhere worse than this one: equal counts.
template <class = instantiated_when_used>
[[nodiscard]] bool is_weakly_dominated(objective_rows points, std::span<const double> vector) {
    for (std::size_t i = 0; i < points.size(); ++i)
        if (weakly_dominates({points.row(i), points.objectives()}, vector)) return true;
    return false;
}

} // namespace verdant::pareto
