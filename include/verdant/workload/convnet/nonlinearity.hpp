#pragma once

#include <verdant/workload/graph/operator.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace verdant::workload {

/// The elementwise functions of convolutional networks. `h_swish` is x relu6(x + 3) / 6, `h_sigmoid` relu6(x + 3) / 6, `silu` x sigmoid(x).
enum class nonlinearity : unsigned char { none, relu, relu6, tanh, sigmoid, h_swish, h_sigmoid, silu };

namespace traits {
/// The names of the enumerators, in their order.
inline constexpr std::array<std::string_view, 8> nonlinearity_names{"none", "relu", "relu6", "tanh", "sigmoid", "h_swish", "h_sigmoid", "silu"};
} // namespace traits

/// Its name in the originals' files (`act_func`): `"h_swish"`; `"none"` stands for null there.
[[nodiscard]] constexpr std::string_view name(nonlinearity f) { return traits::nonlinearity_names[static_cast<std::size_t>(f)]; }

/// The function of that name; empty where there is none.
[[nodiscard]] constexpr std::optional<nonlinearity> nonlinearity_named(std::string_view name) {
    for (std::size_t i = 0; i < traits::nonlinearity_names.size(); ++i)
        if (traits::nonlinearity_names[i] == name) return static_cast<nonlinearity>(i);
    return std::nullopt;
}

/// The operator that computes it; `op_kind::index`, which is free, for `none`. ReLU6 clips, so it is a hardtanh.
[[nodiscard]] constexpr op_kind operator_of(nonlinearity f) {
    switch (f) {
    case nonlinearity::relu: return op_kind::relu;
    case nonlinearity::relu6: return op_kind::hardtanh;
    case nonlinearity::tanh: return op_kind::tanh;
    case nonlinearity::sigmoid: return op_kind::sigmoid;
    case nonlinearity::h_swish: return op_kind::hardswish;
    case nonlinearity::h_sigmoid: return op_kind::hardsigmoid;
    case nonlinearity::silu: return op_kind::silu;
    case nonlinearity::none: break;
    }
    return op_kind::index;
}

} // namespace verdant::workload
