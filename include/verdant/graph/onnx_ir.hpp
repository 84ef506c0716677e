#pragma once

#include <verdant/graph/csr_graph.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Networks as graphs of ONNX operators, as AutoBuild keeps them (AutoBuild: onnx_ir/*.py): `io/document/onnx_ir_json.hpp` reads its form in JSON.
namespace verdant::graph {

/// The sizes of a tensor.
using onnx_shape = std::vector<std::int64_t>;

/// What goes into or comes out of an operator.
struct onnx_tensor {
    std::string name;
    std::optional<onnx_shape> shape; ///< nothing where it is not known; a scalar has one dimension of 0, as in the original
};

/// An attribute of an operator.
struct onnx_attribute {
    std::string name;
    std::vector<std::int64_t> integers; ///< one for a plain integer
    std::vector<double> numbers;        ///< one for a plain number
    std::string text;
};

/// Constants of an operator, such as its weights.
struct onnx_initializer {
    std::string name;
    onnx_shape dims;
};

/// An operator.
struct onnx_node {
    std::string id, name, operation;
    std::vector<onnx_tensor> inputs, outputs;
    std::vector<onnx_attribute> attributes;
    std::optional<std::vector<onnx_initializer>> initializers; ///< nothing where it has none
};

/// Operators in their order, and edges from each to those that take what it gives.
struct onnx_graph {
    std::vector<onnx_node> nodes;
    std::vector<edge> edges;
};

/// The attribute of this name, or null.
[[nodiscard]] inline const onnx_attribute* attribute_of(const onnx_node& n, std::string_view name) {
    const auto found = std::find_if(n.attributes.begin(), n.attributes.end(), [&](const auto& a) { return a.name == name; });
    return found == n.attributes.end() ? nullptr : &*found;
}

/// The integers of an attribute such as `kernel_shape`, `strides`, `pads`, `dilations` or `perm`; none where the operator lacks it.
[[nodiscard]] inline std::vector<std::int64_t> integers_of(const onnx_node& n, std::string_view name) {
    const auto* a = attribute_of(n, name);
    return a == nullptr ? std::vector<std::int64_t>{} : a->integers;
}

/// The integer of an attribute such as `group` or `axis`.
[[nodiscard]] inline std::optional<std::int64_t> integer_of(const onnx_node& n, std::string_view name) {
    const auto* a = attribute_of(n, name);
    if (a == nullptr || a->integers.empty()) return std::nullopt;
    return a->integers.front();
}

/// The number of an attribute such as `min` or `max` of `Clip`.
[[nodiscard]] inline std::optional<double> number_of(const onnx_node& n, std::string_view name) {
    const auto* a = attribute_of(n, name);
    if (a == nullptr || a->numbers.empty()) return std::nullopt;
    return a->numbers.front();
}

/// Whether the name of a constant ends in `bias`; nothing where the operator has no constants.
[[nodiscard]] inline std::optional<bool> has_bias(const onnx_node& n) {
    if (!n.initializers) return std::nullopt;
    return std::any_of(n.initializers->begin(), n.initializers->end(), [](const auto& i) { return i.name.ends_with("bias"); });
}

/// The sizes of all constants, those of most dimensions first.
[[nodiscard]] inline std::vector<onnx_shape> initializer_shapes(const onnx_node& n) {
    std::vector<onnx_shape> shapes;
    if (n.initializers)
        for (const auto& i : *n.initializers) {
            auto at = shapes.end();
            while (at != shapes.begin() && std::prev(at)->size() < i.dims.size()) --at;
            shapes.insert(at, i.dims);
        }
    return shapes;
}

} // namespace verdant::graph
