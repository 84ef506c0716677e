#pragma once

#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/hierarchy/nest_sparsity.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// Cycles and energy of counted accesses.
namespace verdant::hardware {

/// Whether fetching words overlaps with computing.
enum class transfer_overlap : std::uint8_t {
    hidden,  ///< a level moves words while it serves others: the slowest of all levels and the multipliers decides, as in Timeloop
    exposed  ///< a level with one copy of its tiles fills it before it serves; those with `tile_buffering::twice` overlap
};

/// Whether finished sums that leave a level take its bandwidth. They do; the Timeloop of 2023 and before counts them in a shared bandwidth, that of
/// 2024 does not.
enum class drain_traffic : std::uint8_t { counted, ignored };

/// Policies of the cycles of a mapping.
struct cycle_rules {
    transfer_overlap overlap = transfer_overlap::hidden;
    drain_traffic drains = drain_traffic::counted;
};

/// What a mapping costs.
struct nest_cost {
    /// With bandwidths; without, it is `nest_counts::steps`, or what is left of them where multipliers skip zeros.
    std::int64_t cycles = 0;
    /// pJ, in all and of each level; that of each tensor is `tensor_energy` of `sparse_counts`, which are the counts of `analyse` where no weight is
    /// zero.
    double energy = 0;
    std::array<double, most_nest_levels> level_energy{};
    double arithmetic_energy = 0;
    /// Share of the multipliers' cycles in which they work, and are not gated.
    double utilisation = 0;
};

namespace detail {

[[nodiscard]] constexpr double block_count(std::int64_t words, std::int32_t block) noexcept {
    return static_cast<double>(block <= 1 ? words : (words + block - 1) / block);
}

/// The least whole number of cycles for that many words; none where nothing bounds them.
[[nodiscard]] constexpr std::int64_t cycles_of(std::int64_t words, double bandwidth) noexcept {
    if (!(bandwidth < memory_level::unbound)) return 0;
    const double exact = static_cast<double>(words) / bandwidth;
    const auto whole = static_cast<std::int64_t>(exact);
    return whole + (static_cast<double>(whole) < exact ? 1 : 0);
}

} // namespace detail

/// pJ that one instance spends on one tensor: accesses of whole blocks times their energies (Timeloop, `src/model/buffer.cpp`).
[[nodiscard]] constexpr double tensor_energy(const memory_level& level, const tensor_counts& c) noexcept {
    return detail::block_count(c.reads, level.block) * level.read_energy + detail::block_count(c.fills, level.block) * level.write_energy +
           detail::block_count(c.updates, level.block) * level.update_energy;
}

/// How many times a level pays for what one instance does: instances that are accessed as one wide row pay once.
[[nodiscard]] constexpr std::int64_t paying_instances(const memory_level& level, std::int64_t instances) noexcept {
    return level.rows > 0 ? std::min(instances, level.rows) : instances;
}

/// Cycles that one level needs for its words, 0 where it has no bounds.
[[nodiscard]] constexpr std::int64_t transfer_cycles(const memory_level& level, std::span<const tensor_counts> tensors,
                                                     drain_traffic drains = drain_traffic::counted) noexcept {
    std::int64_t out_of = 0, into = 0;
    for (const auto& c : tensors) {
        out_of += c.reads + (drains == drain_traffic::counted ? c.drains : 0);
        into += c.fills + c.updates;
    }
    return std::max({detail::cycles_of(out_of, level.read_bandwidth), detail::cycles_of(into, level.write_bandwidth),
                     detail::cycles_of(out_of + into, level.shared_bandwidth)});
}

namespace detail {

/// Costs of accesses and operations that take energy, and of those that take time.
[[nodiscard]] constexpr nest_cost cost_of_counts(std::span<const memory_level> levels, const arithmetic_unit& unit, const nest_counts& paid,
                                                 const nest_counts& timed, std::int64_t operations, std::int64_t steps, cycle_rules rules) noexcept {
    nest_cost out;
    std::int64_t exposed = 0, slowest = steps;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        const std::span energies{paid.at[l].data(), paid.tensor_count};
        for (const auto& c : energies)
            out.level_energy[l] += tensor_energy(levels[l], c) * static_cast<double>(paying_instances(levels[l], paid.instances[l]));
        out.energy += out.level_energy[l];
        const std::span tensors{timed.at[l].data(), timed.tensor_count};
        slowest = std::max(slowest, transfer_cycles(levels[l], tensors, rules.drains));
        if (rules.overlap == transfer_overlap::hidden || levels[l].buffering == tile_buffering::twice) continue;
        std::int64_t fills = 0;
        for (const auto& c : tensors) fills += c.fills;
        exposed += std::max(cycles_of(fills, levels[l].write_bandwidth), cycles_of(fills, levels[l].shared_bandwidth));
    }
    out.cycles = slowest + exposed;
    const auto work = static_cast<double>(operations);
    out.arithmetic_energy = work * unit.energy;
    out.energy += out.arithmetic_energy;
    std::int64_t all = 1;
    for (const auto& level : levels) all *= level.fan_out_x * level.fan_out_y;
    out.utilisation = work / (static_cast<double>(out.cycles) * static_cast<double>(all));
    return out;
}

/// Costs where some weights are zero. Gated accesses take their time, but no energy.
/// @param instances of each level among which the multiplications are shared
[[nodiscard]] constexpr nest_cost sparse_cost(const nest_problem& problem, std::span<const memory_level> levels, const arithmetic_unit& unit,
                                              const nest_counts& counts, cycle_rules rules,
                                              const std::array<std::int64_t, most_nest_levels>& instances) noexcept {
    const bool skips = unit.zeros == zero_weights::skipped;
    const auto paid = sparse_counts(problem, levels, counts, unit.zeros, instances);
    const auto timed = unit.zeros == zero_weights::gated ? sparse_counts(problem, levels, counts, zero_weights::computed, instances) : paid;
    const auto steps = skips ? whole_above(static_cast<double>(counts.steps) * problem.weight_density) : counts.steps;
    return cost_of_counts(levels, unit, paid, timed, effectual_operations(problem, unit.zeros), steps, rules);
}

} // namespace detail

/// Costs of what `analyse` counted; where some weights are zero, of what `sparse_counts` leaves.
/// @pre `problem.has_density()`
[[nodiscard]] constexpr nest_cost cost_of(const nest_problem& problem, std::span<const memory_level> levels, const arithmetic_unit& unit,
                                          const nest_counts& counts, cycle_rules rules = {}) noexcept {
    if (problem.weight_density < 1) return detail::sparse_cost(problem, levels, unit, counts, rules, counts.instances);
    return detail::cost_of_counts(levels, unit, counts, counts, problem.iterations(), counts.steps, rules);
}

} // namespace verdant::hardware
