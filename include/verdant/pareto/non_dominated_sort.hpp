#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/pareto/detail/dominance_bits.hpp>
#include <verdant/pareto/detail/front_search.hpp>
#include <verdant/pareto/detail/front_stairs.hpp>
#include <verdant/pareto/detail/lexicographic_order.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace verdant::pareto {

/// Splits vectors into fronts: front 0 is dominated by nobody, front k only by members of the fronts before it. Equal vectors share a
/// front. An object keeps its memory, so sorting again does not allocate.
///
/// Two objectives: one sweep in O(n log n) (Jensen, IEEE TEC 7(5), 2003). Three: the same with a staircase for each front, O(n log^2 n) and
/// the moves within the staircases. More: every vector's dominators as a set of bits, the intersection over the objectives of the prefixes
/// of the sorted orders, O(m n^2 / 64), and bisection of the front among those sets (ENS-BS: Zhang, Tian, Cheng, Jin, IEEE TEC 19(2),
/// 2015). Where there are so many fronts that their sets would take more than 64 MiB, the dominators are found by comparison instead.
template <class = instantiated_when_used>
class basic_non_dominated_sorter {
public:
    /// Number of distinct vectors of four and more objectives from which the sets of bits are made for some vectors at a time.
    static constexpr std::size_t large = 8192;

    /// Sorts `points`. With `violations` (empty, or one total violation a vector, 0 or less where feasible) the relation is constrained
    /// domination: the infeasible follow after all feasible fronts, those of equal violation together.
    /// Throws `input_error` where an objective or a violation is NaN or the lengths differ.
    void sort(objective_rows points, std::span<const double> violations = {});

    /// Front number of each vector of the last `sort`.
    [[nodiscard]] std::span<const std::uint32_t> ranks() const noexcept { return ranks_; }
    /// Number of fronts.
    [[nodiscard]] std::size_t fronts() const noexcept { return begins_.empty() ? 0 : begins_.size() - 1; }
    /// Indices of the vectors of front `k`, ascending.
    [[nodiscard]] std::span<const std::uint32_t> front(std::size_t k) const noexcept {
        return {members_.data() + begins_[k], begins_[k + 1] - begins_[k]};
    }

private:
    static void require_violations(std::size_t n, std::span<const double> violations) {
        if (violations.empty()) return;
        if (violations.size() != n)
            throw input_error{"violations", "", "one number a vector, that is " + std::to_string(n), std::to_string(violations.size())};
        for (std::size_t i = 0; i < n; ++i)
            if (std::isnan(violations[i])) throw input_error{"violations", "vector " + std::to_string(i), "a number", "NaN"};
    }

    /// Gives the number of fronts.
    std::uint32_t rank_feasible(objective_rows points, std::span<std::uint32_t> order) {
        if (order.empty()) return 0;
        lexicographic_.sort(points, order);
        const auto unique = keep_unique(points, order);
        std::uint32_t fronts = 0;
        place_.resize(unique.size());
        switch (points.objectives()) {
        case 1:
            std::iota(place_.begin(), place_.end(), std::uint32_t{0});
            fronts = static_cast<std::uint32_t>(unique.size());
            break;
        case 2: fronts = sweep(points, unique); break;
        case 3: fronts = stairs_.rank(points, unique, place_); break;
        default:
            fronts = bits_.rank(points, unique, place_);
            if (fronts == 0) fronts = search_.rank(points, unique, place_);
        }
        for (std::size_t i = 0, u = 0; i < order.size(); ++i) {
            if (i > 0 && same_[i] == 0) ++u;
            ranks_[order[i]] = place_[u];
        }
        return fronts;
    }

    /// The first of each run of equal vectors.
    std::span<const std::uint32_t> keep_unique(objective_rows points, std::span<const std::uint32_t> order) {
        unique_.clear();
        same_.resize(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            const bool same = i > 0 && std::equal(points.row(order[i]), points.row(order[i]) + points.objectives(), points.row(order[i - 1]));
            same_[i] = same ? 1 : 0;
            if (!same) unique_.push_back(order[i]);
        }
        return unique_;
    }

    /// Vectors come in the order of the first objective, so a front dominates a newcomer exactly where its least second objective does not
    /// exceed the newcomer's; these minima grow with the number of the front.
    std::uint32_t sweep(objective_rows points, std::span<const std::uint32_t> unique) {
        minima_.clear();
        for (std::size_t i = 0; i < unique.size(); ++i) {
            const double value = points.row(unique[i])[1];
            const auto front = std::upper_bound(minima_.begin(), minima_.end(), value);
            place_[i] = static_cast<std::uint32_t>(front - minima_.begin());
            if (front == minima_.end()) minima_.push_back(value);
            else *front = value;
        }
        return static_cast<std::uint32_t>(minima_.size());
    }

    std::uint32_t rank_infeasible(std::span<const double> violations, std::span<std::uint32_t> order, std::uint32_t fronts) {
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return violations[a] < violations[b]; });
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (i == 0 || violations[order[i]] != violations[order[i - 1]]) ++fronts;
            ranks_[order[i]] = fronts - 1;
        }
        return fronts;
    }

    void collect(std::size_t fronts) {
        begins_.assign(fronts + 1, 0);
        for (const auto rank : ranks_) ++begins_[rank + 1];
        std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
        next_.assign(begins_.begin(), begins_.end());
        members_.resize(ranks_.size());
        for (std::size_t i = 0; i < ranks_.size(); ++i) members_[next_[ranks_[i]]++] = static_cast<std::uint32_t>(i);
    }

    detail::lexicographic_order lexicographic_;
    detail::dominance_bits bits_;
    detail::front_search search_;
    detail::front_stairs stairs_;
    std::vector<std::uint32_t> ranks_, order_, unique_, same_, place_, members_;
    std::vector<std::size_t> begins_, next_;
    std::vector<double> minima_;
};

template <class Deferred>
void basic_non_dominated_sorter<Deferred>::sort(objective_rows points, std::span<const double> violations) {
    require_numbers(points);
    require_violations(points.size(), violations);
    const auto n = points.size();
    ranks_.resize(n);
    order_.resize(n);
    std::size_t feasible = 0, infeasible = n;
    for (std::uint32_t i = 0; i < n; ++i) order_[violations.empty() || violations[i] <= 0 ? feasible++ : --infeasible] = i;
    auto fronts = rank_feasible(points, {order_.data(), feasible});
    fronts = rank_infeasible(violations, {order_.data() + feasible, n - feasible}, fronts);
    collect(fronts);
}
VERDANT_DEFINED_ONCE(void basic_non_dominated_sorter<>::sort(objective_rows, std::span<const double>));
/// The splitting into fronts, as programs name it.
using non_dominated_sorter = basic_non_dominated_sorter<>;

/// Front number of each vector; see `non_dominated_sorter`, which saves the allocations of repeated calls.
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::vector<std::uint32_t> non_dominated_ranks(objective_rows points, std::span<const double> violations = {}) {
    basic_non_dominated_sorter<Deferred> sorter;
    sorter.sort(points, violations);
    return {sorter.ranks().begin(), sorter.ranks().end()};
}
VERDANT_DEFINED_ONCE(std::vector<std::uint32_t> non_dominated_ranks<>(objective_rows, std::span<const double>));

} // namespace verdant::pareto
