#pragma once

#include <verdant/hardware/hierarchy/mapping_fault.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/hierarchy/nest_sparsity.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>

/// What no mapping of a nest can do better than, without a search: for sweeps over hierarchies and layers, of which most can then be left out.
namespace verdant::hardware {

/// Lower bounds of all mappings in which levels keep what they keep, as `map_nest` looks for.
struct nest_bound {
    std::int64_t compute_cycles = 0; ///< all multipliers work in each cycle
    std::int64_t transfer_cycles = 0; ///< each level moves its words once, spread over all of its instances
    std::int64_t cycles = 0; ///< with what `cycle_rules` exposes
    double energy = 0; ///< pJ
};

/// Different words of a tensor that the whole nest touches.
[[nodiscard]] constexpr std::int64_t distinct_words(const nest_problem& problem, const nest_tensor& t) noexcept {
    std::int64_t words = 1;
    std::uint32_t counted = 0;
    for (std::size_t a = 0; a < t.axis_count; ++a) {
        const auto& axis = t.axes[a];
        const bool two = axis.second != nest_axis::none;
        const std::uint32_t dims = 1U << axis.first | (two ? 1U << axis.second : 0U);
        // A dimension of two axes gives a diagonal, of which one axis is a bound from below.
        if ((counted & dims) != 0) continue;
        counted |= dims;
        const auto n = problem.bounds[axis.first], m = two ? problem.bounds[axis.second] : 1;
        // Indices x i + y j: the pairs (i, j) and (i + y/g, j - x/g) coincide, g the greatest common divisor.
        const auto g = two ? std::gcd(axis.step, axis.other_step) : 1;
        const auto over = two ? n - axis.other_step / g : 0, under = two ? m - axis.step / g : 0;
        words *= n * m - (over > 0 && under > 0 ? over * under : 0);
    }
    return words;
}

/// The bound of one nest on one hierarchy. Each word of a tensor comes at least once into each level that keeps it and goes out of the one outside
/// (for sums, the other way), and the innermost of these serves each multiplication, at most as many at once as there are multipliers below it; zeros
/// of weights take what `sparse_counts` leaves of that. Does not allocate.
/// @param levels outermost first, of which the outermost keeps all tensors
/// @throws input_error as `require_levels`, `require_unit`, `require_problem` and `require_density`
[[nodiscard]] constexpr nest_bound bound_nest(const nest_problem& problem, std::span<const memory_level> levels, const arithmetic_unit& unit,
                                              cycle_rules rules = {}) {
    require_levels(levels); // products and quotients of fan-outs below are then safe
    require_unit(unit);
    require_problem(problem);
    require_density(problem);
    nest_bound out;
    const auto work = problem.iterations();
    const double density = problem.weight_density;
    const bool sparse = density < 1, skips = sparse && unit.zeros == zero_weights::skipped;
    const auto shared = [](std::int64_t words, std::int64_t among) { return (words + among - 1) / among; };
    std::int64_t below = 1; // multipliers below one instance of a level
    for (const auto& l : levels) below *= l.fan_out_x * l.fan_out_y;
    out.compute_cycles = shared(work, below);
    if (skips) out.compute_cycles = detail::whole_above(static_cast<double>(out.compute_cycles) * density);
    out.energy = static_cast<double>(effectual_operations(problem, unit.zeros)) * unit.energy;
    std::array<std::int64_t, most_nest_tensors> words{};
    std::array<std::size_t, most_nest_tensors> innermost{};
    for (std::size_t t = 0; t < problem.tensor_count; ++t) {
        words[t] = distinct_words(problem, problem.tensors[t]);
        for (std::size_t l = 0; l < levels.size(); ++l)
            if ((levels[l].keeps >> t & 1U) != 0) innermost[t] = l;
    }
    // Where the innermost level fans out, its multipliers hold their operands, and may ask once for many multiplications.
    const bool latched = !levels.empty() && levels.back().fan_out_x * levels.back().fan_out_y > 1;
    std::int64_t instances = 1, exposed = 0;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        const auto& level = levels[l];
        // Of all instances together.
        std::int64_t read = 0, filled = 0, updated = 0, drained = 0;
        double energy = 0;
        for (std::size_t t = 0; t < problem.tensor_count; ++t) {
            if ((level.keeps >> t & 1U) == 0) continue;
            auto timed = innermost[t] == l && !latched ? std::max(words[t], shared(work, below)) : words[t], once = words[t], paid = timed;
            if (sparse && t == 0) {
                paid = timed = stored_words(level, timed, density);
                once = stored_words(level, once, density);
            } else if (sparse && innermost[t] == l && unit.zeros != zero_weights::computed && level.rows == 0) {
                paid = detail::whole_above(detail::effectual_accesses(timed, static_cast<double>(work), density));
                if (skips) timed = paid;
            }
            if (problem.tensors[t].output) {
                updated += timed;
                drained += l > 0 ? once : 0;
                energy += detail::block_count(paid, level.block) * level.update_energy;
            } else {
                read += timed;
                energy += detail::block_count(paid, level.block) * level.read_energy;
                if (l == 0) continue;
                filled += once;
                energy += detail::block_count(once, level.block) * level.write_energy;
            }
        }
        out.energy += energy * static_cast<double>(paying_instances(level, instances)) / static_cast<double>(instances);
        const auto out_of = shared(read + (rules.drains == drain_traffic::counted ? drained : 0), instances),
                   into = shared(filled + updated, instances),
                   both = shared(read + (rules.drains == drain_traffic::counted ? drained : 0) + filled + updated, instances);
        out.transfer_cycles = std::max({out.transfer_cycles, detail::cycles_of(out_of, level.read_bandwidth),
                                        detail::cycles_of(into, level.write_bandwidth), detail::cycles_of(both, level.shared_bandwidth)});
        if (rules.overlap == transfer_overlap::exposed && level.buffering == tile_buffering::single)
            exposed += std::max(detail::cycles_of(shared(filled, instances), level.write_bandwidth),
                                detail::cycles_of(shared(filled, instances), level.shared_bandwidth));
        const auto fan = level.fan_out_x * level.fan_out_y;
        instances *= fan;
        below /= fan;
    }
    out.cycles = std::max(out.compute_cycles, out.transfer_cycles) + exposed;
    return out;
}

} // namespace verdant::hardware
