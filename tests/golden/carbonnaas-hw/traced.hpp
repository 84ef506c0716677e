#pragma once

// Reads the operators and shapes of the golden files, which carry the original's names.

#include "golden/golden.hpp"

#include <verdant/hardware/accelerator.hpp>
#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace golden {

/// The original's name of each operator kind, as it appears in the golden files.
inline const std::map<std::string, verdant::workload::op_kind>& kinds() {
    using enum verdant::workload::op_kind;
    static const std::map<std::string, verdant::workload::op_kind> names{
        {"SRC", source}, {"SNK", sink}, {"Index", index}, {"View", view}, {"Transpose", transpose}, {"T", matrix_transpose},
        {"Permute", permute}, {"Expand", expand}, {"Embedding", embedding}, {"Mm", matmul}, {"Linear", linear}, {"Addmm", addmm},
        {"Bmm", bmm}, {"MkldnnConvolution", convolution}, {"Add", add}, {"Sub", sub}, {"Mul", mul}, {"Div", div}, {"Neg", neg},
        {"Pow", pow}, {"Sqrt", sqrt}, {"Relu", relu}, {"Tanh", tanh}, {"Hardtanh", hardtanh}, {"Cos", cos}, {"Sin", sin},
        {"Sigmoid", sigmoid}, {"Hardsigmoid", hardsigmoid}, {"Hardswish", hardswish}, {"Silu", silu}, {"Erf", erf},
        {"NativeLayerNorm", layer_norm}, {"Softmax", softmax}, {"LogSoftmax", log_softmax}, {"NativeDropout", dropout}, {"Mean", mean},
        {"Sum", sum}, {"MaskedFill", masked_fill},
    };
    return names;
}

inline verdant::workload::op_kind kind_of(const std::string& name) {
    const auto found = kinds().find(name);
    if (found == kinds().end()) throw std::runtime_error{"golden: no operator kind is called " + name};
    return found->second;
}

inline verdant::workload::shape shape_of(const json& extents) {
    verdant::workload::shape s;
    for (const auto& e : extents) s.append(e.get<int>());
    return s;
}

inline std::vector<verdant::workload::shape> shapes_of(const json& list) {
    std::vector<verdant::workload::shape> shapes;
    for (const auto& s : list) shapes.push_back(shape_of(s));
    return shapes;
}

/// The accelerator of a `hw` record of models.json and its like.
inline verdant::hardware::accelerator accelerator_of(const json& hw) {
    return {hw.at("num_tc").get<int>(), hw.at("num_vc").get<int>(), hw.at("width").get<int>(), hw.at("depth").get<int>(),
            hw.at("width_vc").get<int>(), hw.at("L2_Buffer").get<long long>(), hw.at("L2_BW").get<int>(),
            hw.at("GLB_Buffer").get<long long>()};
}

} // namespace golden
