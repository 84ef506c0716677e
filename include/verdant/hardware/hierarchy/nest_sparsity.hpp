#pragma once

#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_analysis.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// What is left of counted accesses where some weights are zero.
///
/// The model is that of Sparseloop (Wu et al., MICRO 2022: representation formats, gating and skipping as kinds of sparse acceleration, and its
/// density model of uniform zeros) for one sparse tensor; whole numbers are those of its code (NVlabs/timeloop, `src/sparse-analysis/`). Zeros are at
/// random places, so that an access that serves n multiplications is needed with probability 1 - (1 - density)^n; all counts are means, and
/// multipliers that skip have equal work.
namespace verdant::hardware {

namespace detail {

/// Whether one of some weights is not zero: 1 - (1 - density)^n of a whole number, between two of them on a straight line, as of accesses that serve
/// the one or the other number. It grows less than `served` does, so that more accesses for the same multiplications never are fewer that are needed.
[[nodiscard]] constexpr double effectual_share(double density, double served) noexcept {
    const auto whole = static_cast<std::int64_t>(served);
    // The shares themselves, not those of zeros only, from which 1 - density would round small densities away.
    double out = 0, share = density;
    for (auto n = whole; n > 0; n /= 2, share *= 2 - share)
        if (n % 2 == 1) out += (1 - out) * share;
    return out + (1 - out) * (served - static_cast<double>(whole)) * density;
}

/// The accesses of those that are needed, on average.
/// @param work multiplications that they serve, all together
[[nodiscard]] constexpr double effectual_accesses(std::int64_t accesses, double work, double density) noexcept {
    const auto all = static_cast<double>(accesses);
    return accesses == 0 ? 0 : all * effectual_share(density, work / all);
}

/// The same as `sparse_counts`, where the multiplications of a nest are shared among other instances than those that work.
[[nodiscard]] constexpr nest_counts sparse_counts(const nest_problem& problem, std::span<const memory_level> levels, const nest_counts& counts,
                                                  zero_weights zeros, const std::array<std::int64_t, most_nest_levels>& instances) noexcept {
    auto out = counts;
    const double density = problem.weight_density;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        auto& weights = out.at[l][0];
        for (auto* n : {&weights.tile, &weights.partition, &weights.reads, &weights.fills}) *n = stored_words(levels[l], *n, density);
    }
    if (zeros == zero_weights::computed) return out;
    for (std::size_t t = 1; t < counts.tensor_count; ++t) {
        auto l = levels.size();
        while (l > 0 && counts.at[l - 1][t].tile == 0) --l;
        // A wide row is accessed for the other words in it.
        if (l == 0 || levels[--l].rows > 0) continue;
        auto& c = out.at[l][t];
        const double work = static_cast<double>(problem.iterations()) / static_cast<double>(instances[l]);
        if (!problem.tensors[t].output) {
            c.reads = whole_above(effectual_accesses(c.reads, work, density));
            continue;
        }
        if (c.updates == 0) continue;
        const double share = effectual_share(density, work / static_cast<double>(c.updates));
        c.updates = whole_above(static_cast<double>(c.updates) * share);
        c.reads = static_cast<std::int64_t>(static_cast<double>(c.reads) * share * (1 + 1e-9));
    }
    return out;
}

} // namespace detail

/// Multiplications that are done: all, or those whose weight is not zero. @param zeros what multipliers do with the others
[[nodiscard]] constexpr std::int64_t effectual_operations(const nest_problem& problem, zero_weights zeros) noexcept {
    const auto all = problem.iterations();
    return zeros == zero_weights::computed || !(problem.weight_density < 1) ? all
                                                                            : detail::whole_above(static_cast<double>(all) * problem.weight_density);
}

/// Accesses that `analyse` counted, as they are where some weights are zero: weights in words of their storage at each level, and, where multipliers
/// gate or skip zeros, of inputs and outputs at the level that serves the multipliers those that serve at least one weight that is not zero (all
/// where wide rows are accessed). Other levels move whole tiles, of which no weight alone decides.
/// @pre `problem.has_density()`
[[nodiscard]] constexpr nest_counts sparse_counts(const nest_problem& problem, std::span<const memory_level> levels, const nest_counts& counts,
                                                  zero_weights zeros) noexcept {
    if (!(problem.weight_density < 1)) return counts;
    return detail::sparse_counts(problem, levels, counts, zeros, counts.instances);
}

} // namespace verdant::hardware
