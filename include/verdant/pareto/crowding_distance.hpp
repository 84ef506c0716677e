#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/detail/lexicographic_order.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace verdant::pareto {

/// Crowding distances of Deb et al., "NSGA-II", IEEE TEC 6(2), 2002, section III-B: for every objective the vectors of a front are sorted,
/// the two outermost get infinity, the others the distance of their two neighbours divided by the extent of the front in that objective;
/// summed. An objective in which the front has no extent adds nothing, since none of its vectors is outermost; one of no finite extent makes the two
/// outermost infinite and adds nothing else. A single vector has infinity. An object keeps its memory.
template <class = instantiated_when_used>
class basic_crowding_distance {
public:
    /// Writes to `distances[k]` the distance of vector `front[k]`. Both spans have one length; O(m k log k).
    void operator()(objective_rows points, std::span<const std::uint32_t> front, std::span<double> distances);

private:
    void order_by(objective_rows points, std::span<const std::uint32_t> front, std::size_t m) {
        keys_.resize(front.size());
        for (std::size_t k = 0; k < front.size(); ++k) keys_[k] = {points.row(front[k])[m], static_cast<std::uint32_t>(k)};
        std::sort(keys_.begin(), keys_.end(),
                  [](const detail::sort_key& a, const detail::sort_key& b) { return a.value != b.value ? a.value < b.value : a.index < b.index; });
    }

    /// Two objectives of vectors that do not dominate each other: the order of the first is the reverse order of the second.
    bool descends(objective_rows points, std::span<const std::uint32_t> front) {
        if (points.objectives() != 2) return false;
        for (std::size_t k = 1; k < keys_.size(); ++k)
            if (points.row(front[keys_[k - 1].index])[1] < points.row(front[keys_[k].index])[1]) return false;
        return true;
    }

    void add(objective_rows points, std::span<const std::uint32_t> front, std::size_t m, std::span<double> distances) const {
        const auto value = [&](std::size_t k) { return points.row(front[keys_[k].index])[m]; };
        const auto last = keys_.size() - 1;
        const double extent = std::abs(value(last) - value(0));
        if (value(0) == value(last)) return; // the order of equals is that of their places and says nothing
        distances[keys_[0].index] = distances[keys_[last].index] = std::numeric_limits<double>::infinity();
        if (!std::isfinite(extent)) return;
        for (std::size_t k = 1; k < last; ++k) distances[keys_[k].index] += std::abs(value(k + 1) - value(k - 1)) / extent;
    }

    std::vector<detail::sort_key> keys_;
};

template <class Deferred>
void basic_crowding_distance<Deferred>::operator()(objective_rows points, std::span<const std::uint32_t> front, std::span<double> distances) {
    std::fill(distances.begin(), distances.end(), 0.0);
    if (front.empty()) return;
    if (front.size() == 1) {
        distances.front() = std::numeric_limits<double>::infinity();
        return;
    }
    for (std::size_t m = 0; m < points.objectives(); ++m) {
        if (m != 1 || !descends(points, front)) order_by(points, front, m);
        add(points, front, m, distances);
    }
}
VERDANT_DEFINED_ONCE(void basic_crowding_distance<>::operator()(objective_rows, std::span<const std::uint32_t>, std::span<double>));
/// Crowding distances, as programs name them.
using crowding_distance = basic_crowding_distance<>;

} // namespace verdant::pareto
