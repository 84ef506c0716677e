#pragma once

#include <verdant/hardware/mapping/bounds.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>

#include <algorithm>
#include <cmath>

/// Lower bounds of cycles and energy that follow from the divisors of loop bounds, and the mapper that gives them.
namespace verdant::hardware {

/// The most elements of an array of `width` by `depth` that a nest of `work` multiply-accumulates keeps busy: the greatest product of two factors,
/// one along each side, that divides `work`. Factors are exact divisors of the loops (docs/estimator.md 4.1), so 197 rows fill one row of 64 by 16
/// elements.
/// @pre all are at least 1
[[nodiscard]] constexpr long long busy_elements(long long work, int width, int depth) noexcept {
    long long best = 1;
    for (long long x = width; x >= 1 && x * depth > best; --x) {
        if (work % x != 0) continue;
        long long y = depth;
        while (work / x % y != 0) --y;
        best = std::max(best, x * y);
    }
    return best;
}

namespace detail {

/// @param busy elements that work, over PE array and core grid
[[nodiscard]] constexpr double cycles_with(const hardware::loop_bounds& b, const hardware::mapping_target& t, double busy) noexcept {
    return std::max(hardware::minimum_cycles(b, t), static_cast<double>(hardware::macs(b)) / busy);
}

/// The fewest accesses to an L2 next to the arithmetic. @param busy elements of the PE array that work
[[nodiscard]] inline double least_l2_accesses(const hardware::loop_bounds& b, double busy) noexcept {
    using d = hardware::loop_dim;
    const auto work = static_cast<double>(hardware::macs(b));
    const double updates = 2.0 * work - static_cast<double>(hardware::output_words(b));
    const double input_reuse = std::min(static_cast<double>(b.extent[d::k]), busy);
    const double output_reuse = std::min(static_cast<double>(b.extent[d::c]) * b.extent[d::r] * b.extent[d::s], busy);
    return std::max(work / input_reuse + updates / output_reuse, 2.0 * std::sqrt(work * updates / busy));
}

[[nodiscard]] constexpr double energy_with(const hardware::loop_bounds& b, const hardware::mapping_target& t, double l2_accesses) noexcept {
    const auto input = static_cast<double>(hardware::input_words(b)), weight = static_cast<double>(hardware::weight_words(b));
    const auto output = static_cast<double>(hardware::output_words(b));
    const double arithmetic = hardware::minimum_energy(b, t) + t.l2_energy * l2_accesses;
    const double registers = (t.register_energy + t.l2_energy) * weight;
    const double l2 = (t.l2_energy + t.glb_energy) * (input + weight) + t.glb_energy * output;
    const double glb = (t.glb_energy + t.dram_energy) * (input + weight) + t.dram_energy * output;
    // The order of a dozen additions cannot change more than this.
    return (arithmetic + registers + l2 + glb) * (1.0 - 0x1p-40);
}

} // namespace detail

/// Sharper than `minimum_cycles`: only as many elements work as the divisors of the bounds allow, on the PE array and on the core grid.
/// No mapping that gives each side of array and grid a factor of its own, as `mapping_search` does, takes fewer cycles.
[[nodiscard]] constexpr double divisor_cycles(const loop_bounds& b, const mapping_target& t) noexcept {
    const auto array = busy_elements(macs(b), t.width, t.depth), grid = busy_elements(macs(b), t.cores_x, t.cores_y);
    return verdant::hardware::detail::cycles_with(b, t, static_cast<double>(array) * static_cast<double>(grid));
}

/// Sharper than `minimum_energy`, in pJ: it counts, too, the words that no order of the loops keeps from moving. Each term of docs/estimator.md 4.3
/// has a least value:
///
/// - each word of a tensor crosses each level at least once;
/// - an access to an L2 serves as many elements at once as share the word: with M multiply-accumulates, O outputs and factors a of the PE array, M /
/// a_k
///   accesses are for inputs and (2 M - O) / (a_c a_r a_s) for outputs. Those factors are at most K, at most C R S, and together at most the A
///   elements that work, so the sum is at least that of its least terms, and at least 2 sqrt(M (2 M - O) / A), the arithmetic mean being no less
///   than the geometric one.
[[nodiscard]] inline double divisor_energy(const loop_bounds& b, const mapping_target& t) noexcept {
    const auto busy = static_cast<double>(busy_elements(macs(b), t.width, t.depth));
    return verdant::hardware::detail::energy_with(b, t, verdant::hardware::detail::least_l2_accesses(b, busy));
}

/// A mapper that reports `divisor_cycles` and `divisor_energy` instead of searching: the lower bounds to spare exact searches with
/// (`bounded_search`). `bound_mapper` is its like at compile time.
struct divisor_bound_mapper {
    /// @throws input_error if the bounds are not exact (see `require_valid`)
    [[nodiscard]] mapping_result operator()(const loop_bounds& b, const mapping_target& t) const {
        require_valid(b);
        return mapping{divisor_cycles(b, t), divisor_energy(b, t), {}};
    }
};

static_assert(mapper<divisor_bound_mapper>);

} // namespace verdant::hardware
