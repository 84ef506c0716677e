#pragma once

#include <array>
#include <cstddef>
#include <string_view>

/// Operators of traced models: their kinds, and the facts about each.
namespace verdant::workload {

/// What an operator of a traced model computes, as far as its cost is concerned (docs/estimator.md 3.2). The first group has no cost:
/// `source` and `sink` are inputs and outputs of the model, `index` is shape arithmetic and element access, `expand` anything else that only moves.
/// A GELU or ReLU is `relu`; ones, full, arange, masked_fill and other data creation are `masked_fill`; exp and log are `pow`.
enum class op_kind : unsigned char {
    source, sink, index, view, transpose, matrix_transpose, permute, expand, embedding,
    matmul, linear, addmm, bmm, convolution,
    add, sub, mul, div, addcmul, neg, pow, sqrt,
    relu, tanh, hardtanh, cos, sin, sigmoid, hardsigmoid, hardswish, silu, erf,
    layer_norm, batch_norm, softmax, log_softmax, dropout, mean, sum, masked_fill, nll_loss,
};

/// Where an operator runs.
enum class core_kind : unsigned char { none, tensor, vector };

/// What fusion distinguishes (docs/estimator.md 3.3).
enum class fusion_class : unsigned char { none, complex, activation, injective, norm, reduction, dropout, transformation };

namespace traits {

/// The facts about one kind.
struct op_facts {
    op_kind kind;
    std::string_view name;
    core_kind core;
    fusion_class fusion;
    int cycles; ///< a PE's cycles for one element, where the operator is fused into another; 0 where it is free
};

/// Kinds, cores and cycles: docs/estimator.md 3.2; classes: 3.3.
inline constexpr std::array op_table{
    op_facts{op_kind::source, "source", core_kind::none, fusion_class::none, 0},
    op_facts{op_kind::sink, "sink", core_kind::none, fusion_class::none, 0},
    op_facts{op_kind::index, "index", core_kind::none, fusion_class::none, 0},
    op_facts{op_kind::view, "view", core_kind::none, fusion_class::transformation, 0},
    op_facts{op_kind::transpose, "transpose", core_kind::none, fusion_class::transformation, 0},
    op_facts{op_kind::matrix_transpose, "matrix_transpose", core_kind::none, fusion_class::transformation, 0},
    op_facts{op_kind::permute, "permute", core_kind::none, fusion_class::transformation, 0},
    op_facts{op_kind::expand, "expand", core_kind::none, fusion_class::none, 0},
    op_facts{op_kind::embedding, "embedding", core_kind::none, fusion_class::none, 0},
    op_facts{op_kind::matmul, "matmul", core_kind::tensor, fusion_class::complex, 0},
    op_facts{op_kind::linear, "linear", core_kind::tensor, fusion_class::complex, 0},
    op_facts{op_kind::addmm, "addmm", core_kind::tensor, fusion_class::complex, 0},
    op_facts{op_kind::bmm, "bmm", core_kind::tensor, fusion_class::complex, 0},
    op_facts{op_kind::convolution, "convolution", core_kind::tensor, fusion_class::complex, 0},
    op_facts{op_kind::add, "add", core_kind::vector, fusion_class::injective, 1},
    op_facts{op_kind::sub, "sub", core_kind::vector, fusion_class::injective, 1},
    op_facts{op_kind::mul, "mul", core_kind::vector, fusion_class::injective, 1},
    op_facts{op_kind::div, "div", core_kind::vector, fusion_class::injective, 10},
    op_facts{op_kind::addcmul, "addcmul", core_kind::vector, fusion_class::injective, 1},
    op_facts{op_kind::neg, "neg", core_kind::vector, fusion_class::injective, 1},
    op_facts{op_kind::pow, "pow", core_kind::vector, fusion_class::injective, 15},
    op_facts{op_kind::sqrt, "sqrt", core_kind::vector, fusion_class::injective, 15},
    op_facts{op_kind::relu, "relu", core_kind::vector, fusion_class::activation, 1},
    op_facts{op_kind::tanh, "tanh", core_kind::vector, fusion_class::activation, 27},
    op_facts{op_kind::hardtanh, "hardtanh", core_kind::vector, fusion_class::activation, 27},
    op_facts{op_kind::cos, "cos", core_kind::vector, fusion_class::activation, 13},
    op_facts{op_kind::sin, "sin", core_kind::vector, fusion_class::activation, 13},
    op_facts{op_kind::sigmoid, "sigmoid", core_kind::vector, fusion_class::activation, 12},
    op_facts{op_kind::hardsigmoid, "hardsigmoid", core_kind::vector, fusion_class::activation, 12},
    op_facts{op_kind::hardswish, "hardswish", core_kind::vector, fusion_class::activation, 14},
    op_facts{op_kind::silu, "silu", core_kind::vector, fusion_class::activation, 12},
    op_facts{op_kind::erf, "erf", core_kind::vector, fusion_class::none, 15},
    op_facts{op_kind::layer_norm, "layer_norm", core_kind::vector, fusion_class::norm, 1},
    op_facts{op_kind::batch_norm, "batch_norm", core_kind::vector, fusion_class::norm, 1},
    op_facts{op_kind::softmax, "softmax", core_kind::vector, fusion_class::none, 10},
    op_facts{op_kind::log_softmax, "log_softmax", core_kind::vector, fusion_class::none, 13},
    op_facts{op_kind::dropout, "dropout", core_kind::vector, fusion_class::dropout, 2},
    op_facts{op_kind::mean, "mean", core_kind::vector, fusion_class::reduction, 10},
    op_facts{op_kind::sum, "sum", core_kind::none, fusion_class::reduction, 0},
    op_facts{op_kind::masked_fill, "masked_fill", core_kind::vector, fusion_class::transformation, 1},
    op_facts{op_kind::nll_loss, "nll_loss", core_kind::vector, fusion_class::none, 2},
};

/// Whether each row of the table stands at the place of its operator.
consteval bool op_table_is_in_order() {
    for (std::size_t i = 0; i < op_table.size(); ++i)
        if (static_cast<std::size_t>(op_table[i].kind) != i) return false;
    return true;
}
static_assert(op_table_is_in_order());

} // namespace traits

/// The facts about a kind.
[[nodiscard]] constexpr const traits::op_facts& facts(op_kind kind) { return traits::op_table[static_cast<std::size_t>(kind)]; }
/// Its name, as in `"layer_norm"`.
[[nodiscard]] constexpr std::string_view name(op_kind kind) { return facts(kind).name; }
/// Where it runs.
[[nodiscard]] constexpr core_kind core_of(op_kind kind) { return facts(kind).core; }

/// The parts of a model that costs are reported by.
enum class component : unsigned char { none, embeddings, attention, feed_forward, output };
inline constexpr std::size_t component_count = 4;
inline constexpr std::array components{component::embeddings, component::attention, component::feed_forward, component::output};

/// The name in the original's reports: `"embeddings"`, `"attention"`, `"FFN"`, `"Output"`; empty for `none`.
[[nodiscard]] constexpr std::string_view name(component c) {
    constexpr std::string_view names[] = {"", "embeddings", "attention", "FFN", "Output"};
    return names[static_cast<unsigned>(c)];
}

} // namespace verdant::workload
