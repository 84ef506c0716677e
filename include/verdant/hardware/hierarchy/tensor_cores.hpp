#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

/// The tensor cores of an accelerator, as the mapping search sees them (docs/estimator.md 4), as a hierarchy.
namespace verdant::hardware {

/// DRAM, a global buffer for all tensors over a grid of cores, in each core three buffers of one tensor each over an array of PEs, registers for
/// weights; one word is one byte. Where no sums are reduced across PEs or cores and no tile stays while loops two levels out run (`evaluate_mapping`
/// then fetches it again), accesses and their energies are those of `evaluate_mapping` for the same order of loops; and so are cycles where neither
/// the L2s nor writing to the global buffer bound them: those two bandwidths, which it counts by links and not by memories, are left out.
/// @tparam Target a constant, since it is one type for each accelerator
template <mapping_target Target>
struct tensor_cores
    : hierarchy<level<"DRAM", words<8>, bandwidth<double{Target.dram_bandwidth}>, access_energy<Target.dram_energy>>,
                level<"GLB", words<8>, capacity<Target.glb_words>, fans_out<Target.cores_x, Target.cores_y>,
                      bandwidth<double{Target.glb_bandwidth}, std::numeric_limits<double>::infinity()>, access_energy<Target.glb_energy>>,
                level<"inputs", words<8>, capacity<Target.l2_words>, keeps<operand::inputs>, access_energy<Target.l2_energy>>,
                level<"weights", words<8>, capacity<Target.l2_words>, keeps<operand::weights>, access_energy<Target.l2_energy>>,
                level<"sums", words<8>, capacity<Target.l2_words>, keeps<operand::outputs>, fans_out<Target.width, Target.depth>,
                      access_energy<Target.l2_energy>>,
                level<"registers", words<8>, capacity<Target.register_words>, keeps<operand::weights>, access_energy<Target.register_energy>>,
                multipliers<Target.mac_energy>> {};

/// The nest of an operator of the tensor cores, with the letters of `convolution`; strides are left out as there.
[[nodiscard]] constexpr nest_problem nest_of(const loop_bounds& b) {
    using d = loop_dim;
    return convolution({.batch = b.extent[d::n],
                        .out_channels = b.extent[d::k],
                        .in_channels = b.extent[d::c],
                        .rows = b.extent[d::p],
                        .columns = b.extent[d::q],
                        .kernel_rows = b.extent[d::r],
                        .kernel_columns = b.extent[d::s]});
}

/// A mapping of the search on `tensor_cores`. Its levels say nothing of orders and sides: loops of a level run in the order of `loop_dim`, outer to
/// inner, and factors fill columns before rows.
/// @throws input_error where the factors do not fit into columns and rows
template <mapping_target Target>
[[nodiscard]] constexpr nest_mapping nest_mapping_of(const mapping_levels& levels) {
    // Dimensions of `convolution` in the order of loop_dim.
    constexpr std::array<std::uint8_t, loop_dim::count> letter{0, 2, 1, 5, 6, 3, 4};
    nest_mapping out;
    out.level_count = 6;
    const auto time = [&](std::size_t level, mapping_level from) {
        const auto& factors = levels[static_cast<std::size_t>(from)];
        for (std::size_t d = 0; d < loop_dim::count; ++d)
            if (factors[d] > 1) out.levels[level].add_temporal(letter[d], factors[d]);
    };
    const auto space = [&](std::size_t level, mapping_level from, std::int64_t columns, std::int64_t rows) {
        loop_factors x{1, 1, 1, 1, 1, 1, 1}, y = x;
        std::int64_t used_x = 1, used_y = 1;
        for (std::size_t d = 0; d < loop_dim::count; ++d) {
            int left = levels[static_cast<std::size_t>(from)][d];
            for (int f = 2; left > 1; ++f)
                for (; left % f == 0; left /= f) {
                    const bool in_x = used_x * f <= columns;
                    (in_x ? used_x : used_y) *= f;
                    (in_x ? x : y)[d] *= f;
                }
        }
        if (used_y > rows)
            throw input_error{"mapping", "", "spatial factors that fill columns, then rows", "a product of " + std::to_string(used_x * used_y)};
        auto& loops = out.levels[level];
        for (std::size_t d = 0; d < loop_dim::count; ++d)
            if (x[d] > 1) loops.add_spatial(letter[d], x[d]);
        loops.first_y = loops.spatial_count;
        for (std::size_t d = 0; d < loop_dim::count; ++d)
            if (y[d] > 1) loops.add_spatial(letter[d], y[d]);
    };
    time(0, mapping_level::dram_loop);
    time(1, mapping_level::glb_tile);
    space(1, mapping_level::core_grid, Target.cores_x, Target.cores_y);
    time(4, mapping_level::l2_tile);
    space(4, mapping_level::pe_array, Target.width, Target.depth);
    time(5, mapping_level::registers);
    return out;
}

} // namespace verdant::hardware
