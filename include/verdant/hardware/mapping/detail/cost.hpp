#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/mapping/detail/divisors.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

/// The cost of a mapping: words moved, cycles, energy.
namespace verdant::hardware {

namespace detail {

/// Words of the three tensors that a temporal level exchanges with the level above, for one order of the loops above it.
struct moved_words {
    double input, weight, output;
    friend constexpr bool operator==(const moved_words&, const moved_words&) = default;
};

/// To how many elements of the array below one word goes at once (products of spatial factors over a tensor's full-reuse loops).
struct multicast {
    double input, weight, output;
};

[[nodiscard]] constexpr multicast multicast_of(const loop_values& spatial) {
    using d = hardware::loop_dim;
    return {spatial[d::k], spatial[d::n] * spatial[d::p] * spatial[d::q], spatial[d::c] * spatial[d::r] * spatial[d::s]};
}

/// What moves under the eight promising orders (docs/estimator.md 4.2), in their order and without repetitions.
struct order_choices {
    std::array<moved_words, 8> moved{};
    std::size_t size = 0;

    constexpr void add(const moved_words& m) {
        for (std::size_t i = 0; i < size; ++i)
            if (moved[i] == m) return;
        moved[size++] = m;
    }
};

/// @param tile the factors of this level and all below
/// @param spatial the array between this level and the next temporal one; ones where there is none
/// @param up the factors of the next temporal level
/// @param beyond product of `spatial` and of all levels above `up`
/// All quotients of docs/estimator.md 4.2 are exact, so they are computed as products of the factors that remain; nothing is rounded below 2^53.
[[nodiscard]] constexpr order_choices choices_of(const loop_values& tile, const loop_values& spatial, const loop_values& up, double beyond) {
    using d = hardware::loop_dim;
    const double kernel_r_p = tile[d::p] + tile[d::r] - 1, kernel_s_q = tile[d::q] + tile[d::s] - 1;
    const double channels = tile[d::n] * tile[d::c];
    const double up_rp = up[d::r] * up[d::p], up_sq = up[d::s] * up[d::q];
    const double up_nc = up[d::n] * up[d::c];
    const double outer = beyond * up_nc * up[d::k] * up_rp * up_sq;

    // the input slides along one loop of a pair, unless the array splits that pair
    const double unmoved = channels * kernel_r_p * kernel_s_q * outer;
    double by_p = unmoved, by_q = unmoved, by_r = unmoved, by_s = unmoved;
    double k_by_p = unmoved, k_by_q = unmoved, k_by_r = unmoved, k_by_s = unmoved;
    if (spatial[d::p] == 1 && spatial[d::r] == 1) {
        const double rest = channels * kernel_s_q * (beyond * up_nc * up_sq);
        k_by_p = rest * (tile[d::p] * up[d::p] + tile[d::r] - 1) * up[d::r];
        k_by_r = rest * (tile[d::p] + tile[d::r] * up[d::r] - 1) * up[d::p];
        by_p = k_by_p * up[d::k];
        by_r = k_by_r * up[d::k];
    }
    if (spatial[d::q] == 1 && spatial[d::s] == 1) {
        const double rest = channels * kernel_r_p * (beyond * up_nc * up_rp);
        k_by_q = rest * (tile[d::q] * up[d::q] + tile[d::s] - 1) * up[d::s];
        k_by_s = rest * (tile[d::q] + tile[d::s] * up[d::s] - 1) * up[d::q];
        by_q = k_by_q * up[d::k];
        by_s = k_by_s * up[d::k];
    }

    const double weights = tile[d::r] * tile[d::s] * tile[d::c] * tile[d::k];
    const double weight_loops = up[d::c] * up[d::k] * up[d::r] * up[d::s];
    const double weight_kept = weights * beyond * weight_loops;
    const double weight = weight_loops == 1 ? weight_kept : weights * outer;
    const double outputs = tile[d::p] * tile[d::q] * tile[d::k] * tile[d::n];
    const double output_loops = up[d::n] * up[d::k] * up[d::p] * up[d::q];
    const double output_kept = outputs * beyond * output_loops;
    const double output = output_loops == 1 ? output_kept : outputs * outer;

    order_choices choices;
    choices.add({k_by_p, weight, output});
    choices.add({k_by_q, weight, output});
    choices.add({k_by_r, weight, output});
    choices.add({k_by_s, weight, output});
    choices.add({by_p, weight_kept, output});
    choices.add({by_q, weight_kept, output});
    choices.add({by_r, weight, output_kept});
    choices.add({by_s, weight, output_kept});
    return choices;
}

/// The cost of a mapping whose inner levels are settled (docs/estimator.md 4.3).
struct running_cost {
    double cycles = 0;
    double energy = 0; ///< pJ
    [[nodiscard]] constexpr double product() const { return energy * cycles; }
};

/// What the cost of a nest on a target needs, whatever the mapping.
struct cost_model {
    double macs, outputs;
    std::array<double, 4> access; ///< pJ of one access: registers, L2, global buffer, DRAM
    std::array<double, 3> bandwidth; ///< words per cycle into registers, L2, global buffer
    double mac;

    constexpr cost_model(const hardware::loop_bounds& b, const hardware::mapping_target& t)
        : macs{static_cast<double>(hardware::macs(b))}, outputs{static_cast<double>(hardware::output_words(b))},
          access{t.register_energy, t.l2_energy, t.glb_energy, t.dram_energy},
          bandwidth{static_cast<double>(t.l2_bandwidth), static_cast<double>(t.glb_bandwidth), static_cast<double>(t.dram_bandwidth)},
          mac{t.mac_energy} {}

    /// Arithmetic and the accesses next to it; inputs and outputs bypass the registers.
    /// @param active elements at work over all spatial levels
    /// @param array factors of the PE array
    [[nodiscard]] constexpr running_cost base(double active, const loop_values& array) const {
        const auto to = multicast_of(array);
        return {macs / active, mac * macs + (access[1] * macs / to.input + macs * access[0] + (2 * macs - outputs) * access[1] / to.output)};
    }

    /// Energy of the traffic between temporal levels `level` and `level + 1`, summed in the order of docs/estimator.md 4.3, on
    /// which the last bit depends.
    [[nodiscard]] constexpr double traffic(const moved_words& m, const multicast& to, std::size_t level) const {
        const double low = access[level], high = access[level + 1];
        if (level == 0) return low * m.weight + high * (m.weight / to.weight);
        double x = low * m.input;
        x += high * (m.input / to.input);
        x += low * m.weight;
        x += high * (m.weight / to.weight);
        x += low * (m.output - outputs);
        x += high * (m.output / to.output - outputs);
        x += high * (m.output / to.output);
        return x;
    }

    /// Settles a level: takes the first order of the least energy times cycles, waiting for the words where they are slower than the array.
    constexpr void settle(running_cost& cost, const order_choices& choices, const multicast& to, std::size_t level) const {
        double best = 0, energy = 0, cycles = 0;
        for (std::size_t i = 0; i < choices.size; ++i) {
            const auto& m = choices.moved[i];
            const double x = traffic(m, to, level);
            const double written = m.output / to.output;
            const double y = std::max(
                {cost.cycles, (m.input / to.input + m.weight / to.weight + (written - outputs)) / bandwidth[level], written / bandwidth[level]});
            const double value = (cost.energy + x) * y;
            if (i == 0 || value < best) {
                best = value;
                energy = x;
                cycles = y;
            }
        }
        cost.energy += energy;
        cost.cycles = std::max(cost.cycles, cycles);
    }

    /// The cost of all six levels, with bandwidths.
    [[nodiscard]] constexpr running_cost whole(const std::array<loop_values, 6>& levels) const {
        const auto array = levels[1], grid = levels[3];
        auto cost = base(detail::product(array) * detail::product(grid), array);
        constexpr loop_values ones{1, 1, 1, 1, 1, 1, 1};
        auto tile = levels[0];
        double left = macs / detail::product(tile);
        settle(cost, choices_of(tile, array, levels[2], left / detail::product(levels[2])), multicast_of(array), 0);
        tile = multiply(tile, multiply(array, levels[2]));
        left = macs / detail::product(tile);
        settle(cost, choices_of(tile, grid, levels[4], left / detail::product(levels[4])), multicast_of(grid), 1);
        tile = multiply(tile, multiply(grid, levels[4]));
        settle(cost, choices_of(tile, ones, levels[5], 1), multicast_of(ones), 2);
        return cost;
    }
};

} // namespace detail

/// Cycles and energy of a given mapping (docs/estimator.md 4.2, 4.3): at each level the best of eight loop orders is taken. Capacities
/// are not checked.
/// @throws input_error if the levels do not multiply to the bounds, or bounds or target are illegal
[[nodiscard]] constexpr mapping evaluate_mapping(const loop_bounds& bounds, const mapping_target& target, const mapping_levels& levels) {
    require_valid(bounds);
    require_valid(target);
    std::array<detail::loop_values, 6> values{};
    for (std::size_t d = 0; d < loop_dim::count; ++d) {
        double total = 1;
        for (std::size_t l = 0; l < levels.size(); ++l) {
            if (levels[l][d] < 1) throw input_error{"mapping", "", "factors of at least 1", std::to_string(levels[l][d])};
            values[l][d] = levels[l][d];
            total *= levels[l][d];
        }
        if (total != bounds.extent[d])
            throw input_error{"mapping", "", "levels that multiply to the bound " + std::to_string(bounds.extent[d]), "a product that differs"};
    }
    const auto cost = detail::cost_model{bounds, target}.whole(values);
    return {cost.cycles, cost.energy, levels};
}

} // namespace verdant::hardware
