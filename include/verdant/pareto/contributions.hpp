#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/detail/contribution_sweep.hpp>
#include <verdant/pareto/detail/exclusive_volume.hpp>
#include <verdant/pareto/detail/lexicographic_order.hpp>
#include <verdant/pareto/detail/rank_table.hpp>
#include <verdant/pareto/hypervolume.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace verdant::pareto {

/// What each vector alone adds to the hypervolume: the hypervolume of all minus that of all others. Dominated vectors, duplicates and those
/// not below the reference in every objective have 0. An object keeps its memory.
///
/// Two objectives: O(n log n), and so three where no vector dominates another, see `detail::contribution_sweep`. Else one exclusive volume
/// for each vector, see `detail::exclusive_volume`.
class hypervolume_contributions {
public:
    /// One number a vector, valid until the next call. Throws what `exact_hypervolume` throws.
    template <class = instantiated_when_used>
    std::span<const double> operator()(objective_rows points, std::span<const double> reference);

private:
    void lengths(objective_rows points, double reference) {
        double best = reference, second = reference;
        std::uint32_t owner = 0;
        for (const auto i : below_) {
            const double value = points.row(i)[0];
            if (value < best) {
                second = best;
                best = value;
                owner = i;
            } else second = std::min(second, value);
        }
        if (best < reference) values_[owner] = second - best;
    }

    /// In ascending order of the first objective (then of the second) the corners of the dominated region descend. The region of a corner
    /// alone lies right of it up to the next corner and below the previous corner, except for what vectors between it and the next corner
    /// dominate.
    void areas(objective_rows points, std::span<const double> reference) {
        order_.sort(points, below_);
        double ceiling = reference[1];
        for (std::size_t k = 0; k < below_.size(); ++k) {
            const double y = points.row(below_[k])[1];
            if (y >= ceiling) continue;
            values_[below_[k]] = alone(points, k, ceiling, reference[0]);
            ceiling = y;
        }
    }

    /// Area below `ceiling` of the corner at place `k`: dominated vectors after it cut steps into its rectangle until the next corner ends
    /// it.
    [[nodiscard]] double alone(objective_rows points, std::size_t k, double ceiling, double end) const {
        const double* corner = points.row(below_[k]);
        double area = 0, edge = corner[0], top = ceiling;
        for (auto next = k + 1; next < below_.size(); ++next) {
            const double* other = points.row(below_[next]);
            if (other[1] >= top) continue;
            area += (other[0] - edge) * (top - corner[1]);
            edge = other[0];
            if (other[1] <= corner[1]) return area;
            top = other[1];
        }
        return area + (end - edge) * (top - corner[1]);
    }

    /// False, with all values back at 0, where some vector dominates another.
    bool swept(objective_rows points, std::span<const double> reference) {
        keys_.resize(below_.size());
        for (std::size_t k = 0; k < keys_.size(); ++k) keys_[k] = {points.row(below_[k])[2], below_[k]};
        std::sort(keys_.begin(), keys_.end(), [](const detail::sort_key& a, const detail::sort_key& b) { return a.value < b.value; });
        sweep_.clear();
        for (const auto& key : keys_) {
            const double* row = points.row(key.index);
            if (!sweep_.insert(reference[0] - row[0], reference[1] - row[1], reference[2] - row[2], key.index, values_)) {
                std::fill(values_.begin(), values_.end(), 0.0);
                return false;
            }
        }
        sweep_.finish(values_);
        return true;
    }

    template <class Rank>
    struct sweeper {
        detail::rank_table<Rank> ranks;
        detail::exclusive_volume<Rank> exclusive;
    };

    template <class Rank>
    void volumes(objective_rows points, std::span<const double> reference, sweeper<Rank>& with) {
        const auto width = points.objectives();
        with.ranks.build(points, below_, reference);
        with.exclusive.prepare(width, with.ranks.lengths());
        auto& set = with.exclusive.set(width);
        const auto order = with.ranks.best_first();
        set.reset(width, order.size());
        set.assign(order.size(), [&](std::size_t place, std::size_t j) { return with.ranks.row(order[place])[j]; });
        for (std::size_t place = 0; place < order.size(); ++place) {
            const Rank* row = with.ranks.row(order[place]);
            // A rank of 0 in one coordinate makes a member inert; nobody else has to move.
            set.set(place, 0, Rank{0});
            values_[below_[order[place]]] = std::max(with.exclusive(width, row), 0.0);
            set.set(place, 0, row[0]);
        }
    }

    std::vector<double> values_;
    std::vector<std::uint32_t> below_;
    detail::lexicographic_order order_;
    std::vector<detail::sort_key> keys_;
    detail::contribution_sweep sweep_;
    sweeper<std::int16_t> short_;
    sweeper<std::int32_t> long_;
};

template <class>
std::span<const double> hypervolume_contributions::operator()(objective_rows points, std::span<const double> reference) {
    exact_hypervolume::require_reference(points, reference);
    values_.assign(points.size(), 0.0);
    below_.clear();
    for (std::uint32_t i = 0; i < points.size(); ++i)
        if (exact_hypervolume::is_below(points.row(i), reference)) below_.push_back(i);
    switch (points.objectives()) {
    case 1: lengths(points, reference[0]); break;
    case 2: areas(points, reference); break;
    case 3:
        if (swept(points, reference)) break;
        [[fallthrough]];
    default:
        if (below_.size() < std::numeric_limits<std::int16_t>::max()) volumes(points, reference, short_);
        else volumes(points, reference, long_);
    }
    return values_;
}
VERDANT_DEFINED_ONCE(std::span<const double> hypervolume_contributions::operator()<>(objective_rows, std::span<const double>));

/// What each vector alone adds to the hypervolume; see `hypervolume_contributions`, which saves the allocations of repeated calls.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<double> contributions(objective_rows points, std::span<const double> reference) {
    hypervolume_contributions compute;
    const auto values = compute(points, reference);
    return {values.begin(), values.end()};
}
VERDANT_DEFINED_ONCE(std::vector<double> contributions<>(objective_rows, std::span<const double>));

} // namespace verdant::pareto
