#pragma once

#include <verdant/workload/graph.hpp>
#include <verdant/workload/operator.hpp>
#include <verdant/workload/shape.hpp>

#include <cstddef>

namespace verdant::workload {

/// Multiply-accumulates of one operator as the mathematics has them, which is not always what the cost model makes of it (see
/// `hardware::faithful`); 0 for operators that are no products.
/// @param g the graph that the inputs of `n` are in
[[nodiscard]] constexpr long long macs(const graph& g, const node& n) {
    switch (n.kind) {
    case op_kind::linear:
    case op_kind::addmm: return n.output.elements() * n.weight.from_back(1);
    case op_kind::matmul:
    case op_kind::bmm: return n.output.elements() * g[n.inputs[0]].output.from_back(1);
    case op_kind::convolution: return n.output.elements() * n.weight[1] * n.weight[2] * n.weight[3];
    default: return 0;
    }
}

/// Multiply-accumulates of one inference: those of every operator, times the layers that its section stands for.
[[nodiscard]] constexpr long long macs(const graph& g) {
    long long sum = 0;
    for (const node& n : g.nodes) {
        const int layers = g.sections[static_cast<std::size_t>(n.section)].layers;
        sum += macs(g, n) * (layers > 0 ? layers : 1);
    }
    return sum;
}

} // namespace verdant::workload
