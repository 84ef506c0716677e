// A chip as a memory hierarchy: DRAM, a buffer for each chiplet, an L2 for each core, a register for each multiplier.
#pragma once

#include "space.hpp"

#include <verdant/carbon/node_scaling.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/sram.hpp>
#include <verdant/hardware/technology.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace silicon {

namespace hw = vd::hardware;

[[nodiscard]] constexpr hw::node node_of(std::int64_t nanometres) {
    return nanometres == 28 ? hw::node::nm28 : nanometres == 14 ? hw::node::nm14 : nanometres == 10 ? hw::node::nm10 : hw::node::nm7;
}

/// pJ a bit between a chiplet and what is beside it: the targets of UCIe for standard and for advanced packages (0.5 and 0.25) and for stacks (0.05) (Das Sharma et al., IEEE Trans. Components,
/// Packaging and Manufacturing Technology 12, 2022; UCIe 2.0, 2024). One die has no such link.
[[nodiscard]] constexpr double link_picojoules(std::int64_t chiplets, integration how) {
    if (chiplets == 1) return 0;
    return how == integration::organic ? 0.5 : how == integration::hybrid_bonds ? 0.05 : 0.25;
}

/// A chip as values: its levels outermost first, what a multiply-accumulate costs, and its clock.
struct levels {
    std::array<hw::memory_level, 4> all{};
    hw::arithmetic_unit unit{};
    double hertz = 0;

    /// Those on a chiplet: all but the DRAM.
    [[nodiscard]] constexpr std::span<const hw::memory_level> on_die() const { return std::span{all}.subspan(1); }
};

/// 8-bit words. Figures at 22 nm are those of `hw::int8_22nm` and `hw::sram`; by the factors of `carbon::scale` logic and SRAM take less energy in a smaller process, and the clock is faster.
/// The DRAM is the same for all: the HBM of a TPU v4i, 614 GB/s (Jouppi et al., ISCA 2021) at 7.03 pJ a bit (AccelForge's model of it).
[[nodiscard]] constexpr levels levels_of(const vd::point<chip>& p) {
    using vd::carbon::block;
    constexpr int bits = 8, access = hw::int8_22nm::words_per_access;
    const auto chiplets = p.get<"chiplets">();
    const auto n = node_of(p.get<"node">());
    const auto logic = vd::carbon::scale(block::logic, hw::node::nm22, n), sram = vd::carbon::scale(block::sram, hw::node::nm22, n);
    const auto memory = [&](const char* name, std::int64_t bytes) {
        const auto macro = hw::sram(bytes);
        return hw::memory_level{.name = name,
                                .capacity = bytes,
                                .word_bits = bits,
                                .block = access,
                                .read_energy = macro.read_picojoules * sram.energy,
                                .write_energy = macro.write_picojoules * sram.energy,
                                .update_energy = macro.write_picojoules * sram.energy,
                                .buffering = hw::tile_buffering::twice};
    };
    levels out;
    out.hertz = hw::int8_22nm::cycles_per_second / logic.delay;
    out.unit.energy = hw::int8_22nm::vector_mac_picojoules * logic.energy;
    // What crosses the edge of a chiplet pays for the link where it arrives.
    const double link = link_picojoules(chiplets, p.get<"package">()) * bits * access, dram = 7.03 * bits * access;
    out.all[0] = {.name = "DRAM",
                  .word_bits = bits,
                  .block = access,
                  .fan_out_x = chiplets,
                  .shared_bandwidth = 614e9 / out.hertz,
                  .read_energy = dram,
                  .write_energy = dram,
                  .update_energy = dram + link};
    auto& buffer = out.all[1] = memory("buffer", p.get<"buffer_mib">() * 1024 * 1024);
    buffer.fan_out_x = p.get<"cores">();
    buffer.read_bandwidth = buffer.write_bandwidth = hw::int8_22nm::glb_bandwidth;
    buffer.write_energy += link;
    auto& l2 = out.all[2] = memory("L2", p.get<"l2_kib">() * 1024);
    l2.fan_out_x = p.get<"columns">();
    l2.fan_out_y = p.get<"rows">();
    const auto& element = hw::int8_22nm::tensor_element;
    out.all[3] = {.name = "register",
                  .capacity = 1,
                  .word_bits = bits,
                  .read_energy = element.register_read_picojoules * logic.energy,
                  .write_energy = element.register_write_picojoules * logic.energy,
                  .update_energy = element.register_write_picojoules * logic.energy,
                  .keeps = 1U << static_cast<unsigned>(hw::operand::weights)};
    return out;
}

} // namespace silicon
