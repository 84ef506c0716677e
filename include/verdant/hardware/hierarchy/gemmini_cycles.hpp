#pragma once

#include <verdant/hardware/hierarchy/nest_mapping.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

/// Cycles of the RTL of Gemmini for a mapping, which an ideal nest does not have: blocks of rows that are not full, windows and weights that are
/// loaded again for each tile, buffers that do not hold two tiles.
namespace verdant::hardware {

/// Constants of the model, in cycles.
struct gemmini_constants {
    double block_cycles = 0; ///< of each block of up to 16 rows that passes the array
    double row_cycles = 0; ///< of each row of it
    double preload_cycles = 0; ///< of each block of 16 x 16 weights
    double weight_cycles = 0; ///< of each byte of weights loaded
    double product_cycles = 0; ///< of each byte of inputs loaded, of matrix products and 1 x 1 convolutions
    double window_cycles = 0; ///< of each byte of inputs loaded, of other convolutions
    double store_cycles = 0; ///< of each row of 16 outputs stored
    double hidden_share = 0; ///< share of the shorter of loading and computing that shows where the scratchpad holds two tiles
    double exposed_share = 0; ///< the same where it does not
    double tile_cycles = 0; ///< of each tile of the outermost loops
    double start_cycles = 0; ///< once
    double narrow_cycles =
        0; ///< of each row of fewer than 16 outputs stored, beyond `store_cycles`: a word of memory is read before a part of it is written
    double lone_share = 0; ///< more of the shorter of loading and computing, divided by the number of tiles: there is no other tile beside the first
};

/// Fitted to cycles of the RTL that DOSA published (Hong et al., MICRO 2023; ucb-bar/dosa, FireSim data), half of the rows; docs/hierarchies.md has
/// the errors, and those of fits on a half of that half, on the rows that these did not see.
inline constexpr gemmini_constants fitted_gemmini{.block_cycles = 5.0,
                                                  .row_cycles = 0.646,
                                                  .preload_cycles = 1.27,
                                                  .weight_cycles = 0.141,
                                                  .product_cycles = 0.0918,
                                                  .window_cycles = 0.137,
                                                  .store_cycles = 2.74,
                                                  .hidden_share = 0.170,
                                                  .exposed_share = 0.0757,
                                                  .tile_cycles = 89.3,
                                                  .start_cycles = 539,
                                                  .narrow_cycles = 16.0,
                                                  .lone_share = 0.48};

/// What the model counts of one mapping.
struct gemmini_counts {
    double tiles = 1; ///< of the outermost loops
    double preloads = 0, blocks = 0, rows = 0; ///< of the array
    double weights = 0, inputs = 0; ///< bytes loaded; inputs once a tile, weights where they change
    double stores = 0; ///< rows of up to 16 finished outputs
    double narrow_stores = 0; ///< those of them that have fewer, as the tile has fewer output channels
    double partial_sums = 0; ///< that leave the accumulator and return
    bool windows = false; ///< kernels larger than 1 x 1
    bool two_tiles = false; ///< the scratchpad holds two tiles
};

/// Counts of a mapping of `convolution(z)` on Gemmini with an array of 16 x 16; tiles are what the loops outside of the first level leave.
/// @param scratchpad bytes
/// @pre the mapping suits the convolution
[[nodiscard]] constexpr gemmini_counts count_gemmini(const conv_sizes& z, const nest_problem& problem, const nest_mapping& mapping,
                                                     std::int64_t scratchpad) noexcept {
    std::array<std::int64_t, most_nest_dims> tile = problem.bounds;
    const auto of = [&](char letter) { return problem.dim(letter); };
    const std::array<std::size_t, 3> reduced{of('C'), of('R'), of('S')};
    const auto visits_of = [&](auto relevant) {
        std::int64_t all = 1, visits = 1;
        const auto& outer = mapping.levels[0];
        for (std::size_t i = 0; i < outer.temporal_count; ++i) {
            all *= outer.temporal[i].bound;
            if (outer.temporal[i].bound > 1 && relevant(outer.temporal[i].dim)) visits = all;
        }
        return static_cast<double>(visits);
    };
    gemmini_counts out;
    double reductions = 1;
    const auto& outer = mapping.levels[0];
    for (std::size_t i = 0; i < outer.temporal_count; ++i) {
        const auto [dim, bound] = outer.temporal[i];
        tile[dim] /= bound;
        out.tiles *= static_cast<double>(bound);
        if (dim == reduced[0] || dim == reduced[1] || dim == reduced[2]) reductions *= static_cast<double>(bound);
    }
    const auto size = [&](char letter) { return tile[of(letter)]; };
    const auto sixteens = [](std::int64_t n) { return (n + 15) / 16; };
    out.windows = z.kernel_rows * z.kernel_columns > 1;
    const auto kernel = size('R') * size('S');
    const auto pixels = size('P') * size('Q');
    // Strided convolutions load the pixels that they leap over too, those of 1 x 1 not excepted.
    const auto window = ((size('P') - 1) * z.row_stride + size('R')) * ((size('Q') - 1) * z.column_stride + size('S'));
    const auto weights = size('K') * size('C') * kernel, inputs = size('C') * window;
    out.preloads = out.tiles * static_cast<double>(sixteens(size('K')) * sixteens(size('C')) * kernel);
    out.blocks = out.preloads * static_cast<double>(size('Q') * sixteens(size('P')));
    out.rows = out.preloads * static_cast<double>(pixels);
    const auto within = [&](std::uint32_t dims) { return [dims](std::uint8_t d) { return (dims >> d & 1U) != 0; }; };
    out.weights = visits_of(within(problem.tensors[0].dims)) * static_cast<double>(weights);
    out.inputs = out.tiles * static_cast<double>(inputs);
    out.stores = out.tiles / reductions * static_cast<double>(pixels * sixteens(size('K')));
    out.narrow_stores = size('K') < 16 ? out.stores : 0;
    out.partial_sums = (visits_of(within(problem.tensors[2].dims)) - out.tiles / reductions) * static_cast<double>(pixels * size('K'));
    out.two_tiles = 2 * (weights + inputs) <= scratchpad;
    return out;
}

/// Cycles for these counts. A partial sum is 4 bytes out and 4 in, as dear as those of weights.
[[nodiscard]] constexpr double gemmini_cycles(const gemmini_counts& n, const gemmini_constants& c) noexcept {
    const double computing = c.block_cycles * n.blocks + c.row_cycles * n.rows + c.preload_cycles * n.preloads;
    const double loading = c.weight_cycles * n.weights + (n.windows ? c.window_cycles : c.product_cycles) * n.inputs + c.store_cycles * n.stores +
                           c.narrow_cycles * n.narrow_stores + 8 * c.weight_cycles * n.partial_sums;
    const double share = n.two_tiles ? c.hidden_share : c.exposed_share;
    const double shown = std::max(share, std::min(1.0, share + c.lone_share / n.tiles));
    return std::max(computing, loading) + shown * std::min(computing, loading) + c.tile_cycles * n.tiles + c.start_cycles;
}

} // namespace verdant::hardware
