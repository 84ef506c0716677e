#pragma once

#include <concepts>

/// Whether estimates keep the quirks of the published estimator.
namespace verdant::hardware {

/// Fidelity policy: what the published figures contain, apparent defects included. The default, for parity with them.
struct faithful {
    /// The inner extent of a batched matrix product is read from the last dimension of the right operand, which is its number of
    /// columns (docs/estimator.md 3.4).
    static constexpr bool bmm_inner_is_columns = true;
    /// The representative of a tower's layers is counted once more than there are layers (docs/estimator.md 6.1).
    static constexpr bool counts_representative_again = true;
    /// The first tensor operator of a model is remembered together with the cycles fused into it, so that later operators of the same
    /// bounds take these instead of their own (docs/estimator.md 6.2).
    static constexpr bool first_fused_cycles_stick = true;
    /// The mapping search is held to the whole core grid, although fewer cores may serve better (docs/estimator.md 4.5, Q18).
    static constexpr bool maps_to_whole_grid = true;
};

/// Fidelity policy: the four defects above put right. Other quirks of the original have no stated correction and are reproduced; the
/// functions concerned say so.
struct corrected {
    static constexpr bool bmm_inner_is_columns = false;
    static constexpr bool counts_representative_again = false;
    static constexpr bool first_fused_cycles_stick = false;
    static constexpr bool maps_to_whole_grid = false;
};

/// Which of the original's defects an estimate contains; write your own to mix.
template <class F>
concept fidelity_policy = requires {
    { F::bmm_inner_is_columns } -> std::convertible_to<bool>;
    { F::counts_representative_again } -> std::convertible_to<bool>;
    { F::first_fused_cycles_stick } -> std::convertible_to<bool>;
    { F::maps_to_whole_grid } -> std::convertible_to<bool>;
};

} // namespace verdant::hardware
