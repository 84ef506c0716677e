#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/units.hpp>

#include <array>
#include <cstddef>
#include <string>

/// How area, delay, energy and power of a circuit change with its process.
namespace verdant::carbon {

/// Kinds of circuits, which shrink differently.
enum class block : unsigned char { logic, sram, analog };

/// Processes that the tables hold, in their order.
inline constexpr std::array<hardware::node, 5> scaled_nodes{hardware::node::nm7, hardware::node::nm10, hardware::node::nm14, hardware::node::nm22,
                                                            hardware::node::nm28};

/// The place of a process in the tables.
/// @throws input_error for a process that they do not hold
[[nodiscard]] constexpr std::size_t scaled_index(hardware::node n) {
    for (std::size_t i = 0; i < scaled_nodes.size(); ++i)
        if (scaled_nodes[i] == n) return i;
    throw input_error{"node to scale to", "", "7, 10, 14, 22 or 28 nm", std::string{hardware::name(n)}};
}

/// Factors of a kind of circuit against 7 nm, by `scaled_nodes`.
struct block_scaling {
    std::array<double, 5> area, delay, energy, power;
};

/// ECO-CHIP at commit fe998d9, tech_params/{logic,sram,analog}_scaling.json, in the order of `block`.
inline constexpr std::array<block_scaling, 3> block_scalings{{
    {{1, 1.949555068, 3.709574145, 7.325456759, 8.453656378},
     {1, 1.25268817, 1.562502831, 1.959590643, 2.464222503},
     {1, 1.36425648, 1.727115717, 2.72479564, 3.367003367},
     {1, 1.237623762, 1.524390244, 2.283105023, 2.666666667}},
    {{1, 1, 1.902779873, 3.757501843, 4.336197791},
     {1, 1.25268817, 1.562502831, 1.959590643, 2.464222503},
     {1, 1, 1.26597582, 1.997275204, 2.468013468},
     {1, 1, 1.231707317, 1.844748858, 2.154666667}},
    {{1, 1, 1, 1.974743319, 2.278875162},
     {1, 1.25268817, 1.562502831, 1.959590643, 2.464222503},
     {1, 1, 1, 1.577656676, 1.949494949},
     {1, 1, 1, 1.497716895, 1.749333333}},
}};

/// What becomes of a circuit in another process: factors to multiply with.
struct scaling {
    double area = 1, delay = 1, energy = 1, power = 1;
};

/// Factors from one process to another.
/// @throws input_error for a process that the tables do not hold
[[nodiscard]] constexpr scaling scale(block kind, hardware::node from, hardware::node to) {
    const auto& t = block_scalings[static_cast<std::size_t>(kind)];
    const auto a = scaled_index(from), b = scaled_index(to);
    return {t.area[b] / t.area[a], t.delay[b] / t.delay[a], t.energy[b] / t.energy[a], t.power[b] / t.power[a]};
}

/// Costs of an accelerator by kind of circuit, in one process: what `hardware::` computes at 22 nm, or what it becomes elsewhere.
struct scaled_costs {
    hardware::node node = hardware::int8_22nm::process;
    si::area logic_area{};
    si::area sram_area{};
    si::energy logic_energy{};   ///< arithmetic and registers, of one inference
    si::energy sram_energy{};    ///< on-chip memories, of one inference
    si::energy outside_energy{}; ///< DRAM: does not change with the accelerator's process
    si::time on_chip_time{};     ///< of one inference, bound by the accelerator's clock
    si::time outside_time{};     ///< bound by the DRAM's bandwidth: does not change

    [[nodiscard]] constexpr si::area area() const { return logic_area + sram_area; }
    [[nodiscard]] constexpr si::energy energy() const { return logic_energy + sram_energy + outside_energy; }
    /// The larger of the two, as they overlap.
    [[nodiscard]] constexpr si::time latency() const { return on_chip_time > outside_time ? on_chip_time : outside_time; }
};

/// The same accelerator in another process: each kind of circuit by its factors, the clock by the delay of logic.
/// @throws input_error for a process that the tables do not hold
[[nodiscard]] constexpr scaled_costs rescaled(const scaled_costs& at, hardware::node to) {
    const auto logic = scale(block::logic, at.node, to), sram = scale(block::sram, at.node, to);
    auto there = at;
    there.node = to;
    there.logic_area = logic.area * at.logic_area;
    there.sram_area = sram.area * at.sram_area;
    there.logic_energy = logic.energy * at.logic_energy;
    there.sram_energy = sram.energy * at.sram_energy;
    there.on_chip_time = logic.delay * at.on_chip_time;
    return there;
}

} // namespace verdant::carbon
