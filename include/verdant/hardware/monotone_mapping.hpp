#pragma once

#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/mapping/cache.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace verdant::hardware {

/// A mapper that leaves cores idle where that is better: with more cores neither cycles nor energy times cycles of a nest ever grow. `mapping_search`
/// does not hold to that (docs/estimator.md, Q18): its factors are exact divisors and its stages keep what looked best before bandwidths were known,
/// so that more cores may leave it without a good mapping.
///
/// Asks another mapper for the grid of every number of cores up to the target's, as `grid_of` arranges them, and takes the greater grid only where it
/// costs neither more cycles nor more energy times cycles than the best so far. A target whose grid is not one of `grid_of` competes with these as it
/// is.
/// @tparam Mapper finds the mapping on each of the grids; a cache lets accelerators that differ in their cores share them
template <mapper Mapper = mapping_cache<>>
class monotone_mapping {
public:
    monotone_mapping() = default;
    explicit monotone_mapping(Mapper inner) : inner_{std::move(inner)} {}

    /// The mapping of `bounds` on at most the cores of `target`; the failure of the whole grid, where no grid has one.
    /// @throws input_error if the target is illegal; what the inner mapper throws
    [[nodiscard]] mapping_result operator()(const loop_bounds& bounds, const mapping_target& target) const {
        require_valid(target);
        mapping_result best = mapping_failure{};
        const auto compete = [&best](const mapping_result& found) {
            if (found && (!best || no_worse(*found, *best))) best = found;
        };
        const long long cores = target.cores();
        core_grid last{};
        for (long long n = 1; n <= std::min<long long>(cores, std::numeric_limits<int>::max()); n += last.y) {
            // one step on, the grid has one more core along its longer side, or is the next square
            last = grid_of(static_cast<int>(n));
            mapping_target part = target;
            part.cores_x = last.x;
            part.cores_y = last.y;
            if (part != target) compete(inner_(bounds, part));
        }
        auto whole = static_cast<mapping_result>(inner_(bounds, target));
        compete(whole);
        return best ? best : whole;
    }

    /// The mapper that is asked.
    [[nodiscard]] const Mapper& inner() const noexcept { return inner_; }

private:
    static bool no_worse(const mapping& a, const mapping& b) noexcept { return a.cycles <= b.cycles && a.energy * a.cycles <= b.energy * b.cycles; }

    Mapper inner_{};
};

} // namespace verdant::hardware
