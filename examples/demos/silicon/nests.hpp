// A network as nests of loops, which the mapper takes.
#pragma once

#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include <cstdint>
#include <vector>

namespace silicon {

namespace hw = verdant::hardware;
namespace workload = verdant::workload;

/// The convolutions and products of a network in order, for one image: what `workload::macs` counts. Additions, nonlinearities and means are left out.
[[nodiscard]] inline std::vector<hw::nest_problem> nests_of(const workload::mobile_net& net) {
    std::vector<hw::nest_problem> out;
    // 1 x 1: rows of pixels.
    const auto pointwise = [&out](int side, int from, int to) { out.push_back(hw::matrix_product(std::int64_t{side} * side, from, to)); };
    int side = workload::first_map_side(net);
    const auto& first = net.first_conv;
    out.push_back(hw::convolution({.out_channels = first.out,
                                   .in_channels = first.in,
                                   .rows = side,
                                   .columns = side,
                                   .kernel_rows = first.kernel,
                                   .kernel_columns = first.kernel,
                                   .row_stride = first.stride,
                                   .column_stride = first.stride}));
    for (const auto& b : net.blocks) {
        if (b.expands()) pointwise(side, b.in, b.mid);
        side = workload::strided(side, b.stride);
        out.push_back(hw::depthwise({.rows = side,
                                     .columns = side,
                                     .kernel_rows = b.kernel,
                                     .kernel_columns = b.kernel,
                                     .groups = b.mid,
                                     .row_stride = b.stride,
                                     .column_stride = b.stride}));
        if (b.se) {
            pointwise(1, b.mid, workload::squeezed_channels(b));
            pointwise(1, workload::squeezed_channels(b), b.mid);
        }
        pointwise(side, b.mid, b.out);
    }
    pointwise(side, net.feature_mix.in, net.feature_mix.out);
    pointwise(1, net.feature_mix.out, net.classes);
    return out;
}

} // namespace silicon
