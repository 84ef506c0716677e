#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/fidelity.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/target.hpp>
#include <verdant/hardware/sram.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>

#include <string>

/// How operators run on tensor cores: their loops, and the target of the mapper.
namespace verdant::hardware {

/// Rows of a matrix product at most: an extent of a loop is an `int`.
inline constexpr long long most_rows = (1LL << 31) - 1;

/// The loops of a tensor-core operator (docs/estimator.md 3.4). Leading dimensions of a linear layer are dropped, so the batch must be
/// 1; strides of a convolution are ignored when its input tiles are sized: both reproduced.
/// @tparam Fidelity `faithful` or `corrected`, for the inner extent of a batched matrix product
/// @throws error for an operator of another core, and for more than `most_rows` rows
template <fidelity_policy Fidelity = faithful>
[[nodiscard]] constexpr loop_bounds loop_bounds_of(const workload::operation& o) {
    using workload::op_kind;
    const workload::shape& out = o.output;
    switch (o.kind) {
    case op_kind::linear: case op_kind::addmm: return gemm(out.from_back(2), o.saved[0].from_back(1), out.from_back(1));
    case op_kind::matmul: case op_kind::bmm: {
        long long all = 1;
        for (int i = 0; i + 1 < out.rank; ++i) all = out[i] > 0 && all > most_rows / out[i] ? most_rows + 1 : all * out[i];
        if (all > most_rows) throw error{"a matrix product has fewer than 2^31 rows"};
        const int rows = static_cast<int>(all);
        const bool wrong_extent = o.kind == op_kind::bmm && Fidelity::bmm_inner_is_columns;
        return gemm(rows, o.saved[1].from_back(wrong_extent ? 1 : 2), out.from_back(1));
    }
    case op_kind::convolution: {
        const workload::shape& kernel = o.saved[1]; // [out channels, in channels, r, s]
        return {{out[0], kernel[1], out[1], kernel[2], kernel[3], out[2], out[3]}};
    }
    default: throw error{std::string{workload::name(o.kind)} + " is not an operator of the tensor cores"};
    }
}

/// What a mapper must know of `a`: core grid, effective L2 as three buffers, unit energies (docs/estimator.md 1.2, 4.1).
/// @throws input_error if a buffer is empty
[[nodiscard]] constexpr mapping_target mapping_target_of(const accelerator& a) {
    const core_grid grid = grid_of(a.tensor_cores);
    const long long l2 = effective_l2(a.l2_bytes, a.width, a.depth);
    return {.width = a.width,
            .depth = a.depth,
            .cores_x = grid.x,
            .cores_y = grid.y,
            .l2_words = l2,
            .glb_words = a.glb_bytes,
            .l2_bandwidth = a.l2_bandwidth,
            .glb_bandwidth = int8_22nm::glb_bandwidth,
            .dram_bandwidth = int8_22nm::dram_bandwidth,
            .register_words = int8_22nm::tensor_element.register_words,
            .register_energy = int8_22nm::tensor_element.register_read_picojoules,
            .l2_energy = sram(l2).read_picojoules,
            .glb_energy = sram(a.glb_bytes).read_picojoules,
            .dram_energy = int8_22nm::dram_picojoules,
            .mac_energy = int8_22nm::tensor_mac_picojoules};
}

} // namespace verdant::hardware
