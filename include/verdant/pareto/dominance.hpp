#pragma once

#include <cstddef>
#include <span>

/// Pareto dominance of vectors.
namespace verdant::pareto {

/// How one vector stands to another.
enum class relation { incomparable, equal, dominates, dominated };

/// Pareto relation of `a` to `b`, both of the same length and to be minimised.
[[nodiscard]] constexpr relation compare(std::span<const double> a, std::span<const double> b) noexcept {
    bool better = false, worse = false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        better |= a[i] < b[i];
        worse |= a[i] > b[i];
    }
    if (better) return worse ? relation::incomparable : relation::dominates;
    return worse ? relation::dominated : relation::equal;
}

/// True where `a` is nowhere worse than `b` (equal vectors weakly dominate each other).
[[nodiscard]] constexpr bool weakly_dominates(std::span<const double> a, std::span<const double> b) noexcept {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] > b[i]) return false;
    return true;
}

/// True where `a` is nowhere worse than `b` and somewhere better.
[[nodiscard]] constexpr bool dominates(std::span<const double> a, std::span<const double> b) noexcept { return compare(a, b) == relation::dominates; }

/// Constrained relation of Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC 6(2),
/// 2002, definition 1: a feasible vector dominates every infeasible one; of two infeasible ones the smaller total violation dominates,
/// whatever the objectives, and equal violations are incomparable. A violation of 0 or less means feasible.
[[nodiscard]] constexpr relation compare(std::span<const double> a, double violation_a, std::span<const double> b, double violation_b) noexcept {
    if (violation_a <= 0 && violation_b <= 0) return compare(a, b);
    if (violation_a <= 0 || (violation_b > 0 && violation_a < violation_b)) return relation::dominates;
    if (violation_b <= 0 || violation_b < violation_a) return relation::dominated;
    return relation::incomparable;
}

/// Constrained domination, see the four-argument `compare`.
[[nodiscard]] constexpr bool dominates(std::span<const double> a, double violation_a, std::span<const double> b, double violation_b) noexcept {
    return compare(a, violation_a, b, violation_b) == relation::dominates;
}

} // namespace verdant::pareto
