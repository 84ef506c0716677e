#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace verdant::graph {

/// The operators of ONNX that AutoBuild tells apart, in the order of their indices (AutoBuild: onnx_ir/); the first stands for all others, the next
/// two for the ends of a graph.
inline constexpr std::array<std::string_view, 90> onnx_operators{
    "<OOV>", "input_dummy", "output_dummy", "Conv", "ConvTranspose", "MatMul", "Gemm", "BatchNormalization", "InstanceNormalization",
    "LayerNormalization", "AveragePool", "MaxPool", "Add", "Concat", "Mul", "Sum", "Sub", "Neg", "Sqrt", "Pad", "Pow", "Relu", "Clip", "Sigmoid", "Tanh",
    "PRelu", "Constant", "DepthToSpace", "SpaceToDepth", "Dropout", "Reshape", "Resize", "Squeeze", "Unsqueeze", "Split", "Slice", "Identity",
    "Transpose", "HardSwish", "LogSoftmax", "TopK", "Tile", "Shape", "Softmax", "Elu", "Exp", "Expand", "Flatten", "Floor", "GRU", "LSTM", "RNN",
    "Gather", "GatherND", "Sign", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "Greater", "Equal", "Less", "HardSigmoid", "Hardmax", "If", "Or",
    "Xor", "LeakyRelu", "Log", "LpNormalization", "Max", "Mean", "Mod", "NonMaxSuppression", "NonZero", "Reciprocal", "ReduceL1", "ReduceL2", "Round",
    "ScatterND", "Selu", "Celu", "Range", "GreaterOrEqual", "LessOrEqual", "SoftmaxCrossEntropyLoss", "CastLike", "Unique", "Where", "Div", "ReduceMean"};

/// The index of an operator, whatever the case of its letters; 0 for one that is not known.
[[nodiscard]] constexpr std::size_t onnx_operator_index(std::string_view name) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (std::size_t i = 1; i < onnx_operators.size(); ++i) {
        const auto known = onnx_operators[i];
        bool same = known.size() == name.size();
        for (std::size_t c = 0; same && c < name.size(); ++c) same = lower(known[c]) == lower(name[c]);
        if (same) return i;
    }
    return 0;
}

} // namespace verdant::graph
