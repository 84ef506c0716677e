#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace verdant {

/// What an exact search went through, and so why its front is the whole one. All numbers are of values as the blocks' terms give them, folded in the
/// order of the blocks, the shared term first; for an approximate front of three objectives without limits in another order, which is a difference of
/// rounding.
struct separable_certificate {
    double points = 0; ///< feasible points of the space, rounded to a double
    std::uint64_t alternatives = 0; ///< assignments of the parameters that no block has; each was solved by itself
    std::size_t blocks = 0; ///< of the space
    std::uint64_t choices = 0; ///< of all blocks in all alternatives
    std::uint64_t unbuildable = 0; ///< choices and alternatives of which a metric is infinite
    std::uint64_t undominated = 0; ///< choices that no other of their block dominates
    std::uint64_t candidates = 0; ///< partial networks that were looked at
    std::uint64_t states = 0; ///< partial networks that were kept
    std::uint64_t over_limit = 0; ///< partial networks that no completion brings within a limit
    std::size_t largest_layer = 0; ///< states after one block, at most
    std::uint64_t probes = 0; ///< random points at which the evaluators were compared with the sums of their terms
    double largest_difference = 0; ///< found there, relative to the largest term
    double epsilon = 0; ///< as asked for: 0 proves the front exact
    /// Of each objective in SI units: what a point of the exact front may be better by than some point of this front; 0 where epsilon is 0, for
    /// objectives that have a limit, and for the first one but of three objectives without limits.
    std::vector<double> tolerance{};
    /// Bounds of each objective over all points, limits or not; of a maximised one its negative numbers.
    std::vector<double> least{}, greatest{};

    /// Whether each vector of the exact front is in this front.
    [[nodiscard]] bool exact() const noexcept { return epsilon == 0; }
};

} // namespace verdant
