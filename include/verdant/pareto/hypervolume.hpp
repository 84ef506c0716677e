#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/detail/exclusive_volume.hpp>
#include <verdant/pareto/detail/lexicographic_order.hpp>
#include <verdant/pareto/detail/rank_table.hpp>
#include <verdant/pareto/detail/staircase.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace verdant::pareto {

/// Exact hypervolume: the measure of what vectors dominate within a reference point, all objectives minimised. Vectors that are not below
/// the reference in every objective count nothing, duplicates and dominated vectors count nothing more; the order is irrelevant but for
/// rounding. An object keeps its memory.
///
/// Two objectives: one sweep, O(n log n). Three: a sweep over a staircase (Fonseca, Paquete, Lopez-Ibanez, CEC 2006; Beume et al., IEEE TEC
/// 13(5), 2009). More: a sweep over the last objective that adds up exclusive volumes, see `detail::exclusive_volume`; O(n^2) for four
/// objectives where limit sets stay small, and one factor n more at worst for each further objective.
template <class = instantiated_when_used>
class basic_exact_hypervolume {
public:
    /// Throws `input_error` for a NaN in a vector or a reference point that is not finite or of another length, and for a vector with an
    /// objective of -inf.
    double operator()(objective_rows points, std::span<const double> reference);

    /// Throws what `operator()` throws.
    static void require_reference(objective_rows points, std::span<const double> reference);

    [[nodiscard]] static bool is_below(const double* row, std::span<const double> reference) noexcept {
        for (std::size_t j = 0; j < reference.size(); ++j)
            if (!(row[j] < reference[j])) return false;
        return true;
    }

private:
    [[nodiscard]] double length(objective_rows points, double reference) const {
        double best = 0;
        for (const auto i : below_) best = std::max(best, reference - points.row(i)[0]);
        return best;
    }

    void sort_by(objective_rows points, std::size_t objective) {
        keys_.resize(below_.size());
        for (std::size_t k = 0; k < keys_.size(); ++k) keys_[k] = {points.row(below_[k])[objective], below_[k]};
        std::sort(keys_.begin(), keys_.end(), [](const detail::sort_key& a, const detail::sort_key& b) { return a.value < b.value; });
    }

    double area(objective_rows points, std::span<const double> reference) {
        sort_by(points, 0);
        double total = 0, lowest = reference[1];
        for (const auto& key : keys_) {
            const double y = points.row(key.index)[1];
            if (y >= lowest) continue;
            total += (reference[0] - key.value) * (lowest - y);
            lowest = y;
        }
        return total;
    }

    double volume(objective_rows points, std::span<const double> reference) {
        sort_by(points, 2);
        stairs_.clear();
        double total = 0;
        for (const auto& key : keys_) {
            const double* row = points.row(key.index);
            total += stairs_.insert(reference[0] - row[0], reference[1] - row[1]) * (reference[2] - key.value);
        }
        return total;
    }

    template <class Rank>
    struct sweeper {
        detail::rank_table<Rank> ranks;
        detail::exclusive_volume<Rank> exclusive;
    };

    template <class Rank>
    double slice(objective_rows points, std::span<const double> reference, sweeper<Rank>& with) {
        const auto last = points.objectives() - 1;
        with.ranks.build(points, below_, reference);
        with.exclusive.prepare(last, with.ranks.lengths());
        with.exclusive.set(last).reset(last, below_.size());
        double total = 0;
        for (const auto i : with.ranks.best_first()) {
            const Rank* row = with.ranks.row(i);
            const double added = with.exclusive(last, row);
            if (!(added > 0)) continue;
            total += added * with.ranks.lengths()[last][static_cast<std::size_t>(row[last])];
            with.exclusive.add(last, row);
        }
        return total;
    }

    std::vector<std::uint32_t> below_;
    std::vector<detail::sort_key> keys_;
    detail::staircase stairs_;
    sweeper<std::int16_t> short_;
    sweeper<std::int32_t> long_;
};

template <class Deferred>
double basic_exact_hypervolume<Deferred>::operator()(objective_rows points, std::span<const double> reference) {
    require_reference(points, reference);
    below_.clear();
    for (std::uint32_t i = 0; i < points.size(); ++i)
        if (is_below(points.row(i), reference)) below_.push_back(i);
    if (below_.empty()) return 0;
    switch (points.objectives()) {
    case 1: return length(points, reference[0]);
    case 2: return area(points, reference);
    case 3: return volume(points, reference);
    default: return below_.size() < std::numeric_limits<std::int16_t>::max() ? slice(points, reference, short_) : slice(points, reference, long_);
    }
}
VERDANT_DEFINED_ONCE(double basic_exact_hypervolume<>::operator()(objective_rows, std::span<const double>));

template <class Deferred>
void basic_exact_hypervolume<Deferred>::require_reference(objective_rows points, std::span<const double> reference) {
    if (reference.size() != points.objectives())
        throw input_error{"reference point", "", std::to_string(points.objectives()) + " numbers", std::to_string(reference.size())};
    for (std::size_t j = 0; j < reference.size(); ++j)
        if (!std::isfinite(reference[j]))
            throw input_error{"reference point", "objective " + std::to_string(j), "a finite number", std::to_string(reference[j])};
    require_numbers(points);
    for (std::size_t i = 0; i < points.values().size(); ++i)
        if (points.values()[i] == -std::numeric_limits<double>::infinity())
            throw input_error{"objective vectors", "vector " + std::to_string(i / points.objectives()), "numbers above minus infinity", "-inf"};
}
VERDANT_DEFINED_ONCE(void basic_exact_hypervolume<>::require_reference(objective_rows, std::span<const double>));
/// The exact hypervolume, as programs name it.
using exact_hypervolume = basic_exact_hypervolume<>;

/// Exact hypervolume of `points` within `reference`; see `exact_hypervolume`, which saves the allocations of repeated calls.
template <class Deferred = instantiated_when_used>
[[nodiscard]] double hypervolume(objective_rows points, std::span<const double> reference) {
    return basic_exact_hypervolume<Deferred>{}(points, reference);
}
VERDANT_DEFINED_ONCE(double hypervolume<>(objective_rows, std::span<const double>));

} // namespace verdant::pareto
