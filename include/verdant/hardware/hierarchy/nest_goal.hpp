#pragma once

#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/hierarchy/nest_sparsity.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

/// What a mapper makes small, and what no mapping can do better than.
namespace verdant::hardware {

/// What a mapper makes small.
enum class nest_goal : std::uint8_t { energy, cycles, energy_times_cycles };

/// No mapping has a smaller value: each multiplier works in each cycle, and the outermost level moves each word once, or where it serves the
/// multipliers those that they need.
/// @pre `problem.has_density()`
[[nodiscard]] constexpr double least_value(const nest_problem& problem, std::span<const memory_level> levels, const arithmetic_unit& unit,
                                           nest_goal goal) noexcept {
    std::int64_t multipliers = 1;
    for (const auto& l : levels) multipliers *= l.fan_out_x * l.fan_out_y;
    const auto work = problem.iterations();
    const double density = problem.weight_density;
    auto cycles = static_cast<double>((work + multipliers - 1) / multipliers);
    if (density < 1 && unit.zeros == zero_weights::skipped) cycles = static_cast<double>(detail::whole_above(cycles * density));
    double energy = static_cast<double>(effectual_operations(problem, unit.zeros)) * unit.energy;
    std::uint32_t kept_inside = 0;
    for (std::size_t l = 1; l < levels.size(); ++l) kept_inside |= levels[l].keeps;
    for (std::size_t t = 0; t < problem.tensor_count; ++t) {
        const auto& tensor = problem.tensors[t];
        // A window with a stride above its kernel leaves words out; count only what all of its loops reach.
        if (tensor.windows) continue;
        if ((levels[0].keeps >> t & 1U) == 0) continue;
        auto words = words_of(tensor, problem.bounds);
        if (t == 0) words = stored_words(levels[0], words, density);
        else if (density < 1 && unit.zeros != zero_weights::computed && (kept_inside >> t & 1U) == 0 && levels[0].rows == 0)
            words = detail::whole_above(detail::effectual_accesses(words, static_cast<double>(work), density));
        const auto blocks = detail::block_count(words, levels[0].block);
        energy += blocks * (tensor.output ? levels[0].update_energy : levels[0].read_energy);
    }
    return goal == nest_goal::cycles ? cycles : goal == nest_goal::energy ? energy : energy * cycles;
}

} // namespace verdant::hardware
