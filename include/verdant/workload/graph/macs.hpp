#pragma once

#include <verdant/error.hpp>
#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>

#include <cstddef>

namespace verdant::workload {

/// Multiply-accumulates of one operator as the mathematics has them, which is not always what the cost model makes of it (see
/// `hardware::faithful`); 0 for operators that are not products.
/// @param g the graph that the inputs of `n` are in
/// @throws error if they are more than 2^62
[[nodiscard]] constexpr long long macs(const graph& g, const node& n) {
    // `inner` is the length of each sum.
    const auto product = [&n](long long inner) {
        const long long outputs = n.output.elements();
        if (inner > 0 && outputs > (1LL << 62) / inner) throw error{"a model has at most 2^62 multiply-accumulates"};
        return outputs * inner;
    };
    switch (n.kind) {
    case op_kind::linear:
    case op_kind::addmm: return product(n.weight.from_back(1));
    case op_kind::matmul:
    case op_kind::bmm: return product(g[n.inputs[0]].output.from_back(1));
    case op_kind::convolution: return product(shape{n.weight[1], n.weight[2], n.weight[3]}.elements());
    default: return 0;
    }
}

/// Multiply-accumulates of one inference: those of every operator, times the layers that its section stands for.
[[nodiscard]] constexpr long long macs(const graph& g) {
    long long sum = 0;
    double rounded = 0; // large enough to see that the sum does not fit
    for (const node& n : g.nodes) {
        const int layers = g.sections[static_cast<std::size_t>(n.section)].layers;
        const long long one = macs(g, n), times = layers > 0 ? layers : 1;
        rounded += static_cast<double>(one) * static_cast<double>(times);
        if (!(rounded < 0x1p62)) throw error{"a model has at most 2^62 multiply-accumulates"};
        sum += one * times;
    }
    return sum;
}

} // namespace verdant::workload
