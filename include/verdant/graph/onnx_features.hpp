#pragma once

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/onnx_ir.hpp>
#include <verdant/graph/onnx_operators.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

/// Features of ONNX operators (AutoBuild: onnx_ir/*.py).
namespace verdant::graph {

/// Columns of the features: the operator, 6 of inputs, 6 of outputs, 9 of attributes.
inline constexpr std::size_t onnx_columns = 22;

namespace detail {

/// C / 256, H / 128, W / 128 of the first two tensors one after the other, whatever dimensions they have, so that a matrix moves what follows to the
/// left.
inline void write_shapes(std::span<const graph::onnx_tensor> tensors, std::span<float> out) {
    constexpr std::array<double, 4> norms{0, 256, 128, 128};
    std::size_t at = 0;
    for (std::size_t t = 0; t < std::min<std::size_t>(tensors.size(), 2); ++t)
        if (tensors[t].shape)
            for (std::size_t d = 1; d < std::min(tensors[t].shape->size(), norms.size()); ++d)
                out[at++] = static_cast<float>(static_cast<double>((*tensors[t].shape)[d]) / norms[d]);
}

} // namespace detail

/// The features of an operator: its index; shapes; of a convolution kernel / 3, groups for each output channel, dilations, whether it has a bias; of
/// an average pooling its kernel / 3. Max pooling has none, as in the original, whose table misspells it.
[[nodiscard]] inline std::array<float, onnx_columns> onnx_features(const onnx_node& n) {
    std::array<float, onnx_columns> out{};
    const auto index = onnx_operator_index(n.operation);
    out[0] = static_cast<float>(index);
    verdant::graph::detail::write_shapes(n.inputs, std::span{out}.subspan(1, 6));
    verdant::graph::detail::write_shapes(n.outputs, std::span{out}.subspan(7, 6));
    const auto of = std::span{out}.subspan(13, 9);
    const auto& operation = onnx_operators[index];
    const bool convolution = operation == "Conv" || operation == "ConvTranspose";
    if (!convolution && operation != "AveragePool") return out;
    const auto kernel = integers_of(n, "kernel_shape");
    for (std::size_t i = 0; i < std::min<std::size_t>(kernel.size(), 3); ++i) of[i] = static_cast<float>(static_cast<double>(kernel[i]) / 3);
    if (!convolution) return out;
    const auto* shape = n.outputs.empty() || !n.outputs[0].shape ? nullptr : &*n.outputs[0].shape;
    if (shape != nullptr && shape->size() > 1 && (*shape)[1] != 0)
        of[3] = static_cast<float>(static_cast<double>(integer_of(n, "group").value_or(1)) / static_cast<double>((*shape)[1]));
    const auto* dilations = attribute_of(n, "dilations");
    for (std::size_t i = 0; i < 3; ++i)
        if (dilations == nullptr) of[5 + i] = 1;
        else if (i < dilations->integers.size()) of[5 + i] = static_cast<float>(dilations->integers[i]);
    of[8] = has_bias(n).value_or(false) ? 1.0F : 0.0F;
    return out;
}

/// The graph of a network, with the features of its operators.
/// @throws input_error if an edge has an end that is not a node
[[nodiscard]] inline featured_graph onnx_featured_graph(const onnx_graph& network) {
    featured_graph out{csr_graph{network.nodes.size(), network.edges}, onnx_columns, {}};
    out.features.reserve(network.nodes.size() * onnx_columns);
    for (const auto& n : network.nodes) {
        const auto row = onnx_features(n);
        out.features.insert(out.features.end(), row.begin(), row.end());
    }
    return out;
}

} // namespace verdant::graph
