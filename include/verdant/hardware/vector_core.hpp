#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/sram.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>

#include <string>

/// What operators cost on vector cores.
namespace verdant::hardware {

/// The vector cores of an accelerator, as the vector cost model sees them.
struct vector_unit {
    long long elements;         ///< PEs of all vector cores
    int cores;
    long long l2_bytes;         ///< effective, of one core
    double l2_read_picojoules;  ///< per access of 32 bits
    double l2_write_picojoules; ///< per access of 32 bits
};

/// The vector cores of `a`, with their L2 looked up.
/// @throws input_error if the L2 is empty
[[nodiscard]] constexpr vector_unit vector_unit_of(const accelerator& a) {
    const long long l2 = effective_l2(a.l2_bytes, a.vector_width, 1);
    const sram_macro macro = sram(l2);
    return {static_cast<long long>(a.vector_width) * a.vector_cores, a.vector_cores, l2, macro.read_picojoules, macro.write_picojoules};
}

/// Cycles and energy of one operator.
struct op_cost {
    double cycles;
    double energy_picojoules;

    [[nodiscard]] constexpr si::time latency() const { return cycles / int8_22nm::cycles_per_second * seconds{}; }
    [[nodiscard]] constexpr si::energy energy() const { return energy_picojoules * picojoules{}; }
};

/// A vector operator reduced to the numbers that its cost depends on, so that costing it many times touches no shapes.
struct vector_task {
    workload::op_kind kind;
    long long output;          ///< elements of the output
    long long row;             ///< last extent: of the output for the softmaxes, of the input for the mean
    long long large;           ///< |x|: elements of the operand that sets the cycles of add, sub, mul, div, and of the mean's input
    long long small;           ///< |y| where both operands have the same rank
    long long small_front;     ///< first extent of y where the ranks differ; 0 where y is a scalar
    long long gain;            ///< elements of a layer norm's gamma
    int fused_members;
    int fused_cycles;
    enum class operands : unsigned char { one, two_of_equal_rank, two_of_different_rank } arity;

    friend constexpr bool operator==(const vector_task&, const vector_task&) = default;
};

/// Reduces an operator; the rules of docs/estimator.md 5.2. Operands that live in another section are not seen, so that an `add`
/// of two tensors may count as one-operand. For `sub`, `mul` and `div` of equal rank whose second operand is larger, the second is counted
/// twice: reproduced from the original.
/// @throws error for operators that have no vector model: `silu`, `addcmul`, `batch_norm`, `nll_loss` where they are not fused, and
/// tensor-core operators
[[nodiscard]] constexpr vector_task vector_task_of(const workload::operation& o) {
    using workload::op_kind;
    if (workload::core_of(o.kind) != workload::core_kind::vector)
        throw error{std::string{workload::name(o.kind)} + " is not an operator of the vector cores"};
    vector_task t{o.kind, o.output.elements(), 1, o.output.elements(), 0, 0, 0, 0, 0, vector_task::operands::one};
    t.fused_members = static_cast<int>(o.members.size());
    for (const op_kind m : o.members) t.fused_cycles += workload::facts(m).cycles;
    if (t.fused_members > 0) return t;
    switch (o.kind) {
    case op_kind::silu: case op_kind::addcmul: case op_kind::batch_norm: case op_kind::nll_loss:
        throw error{std::string{workload::name(o.kind)} + " has a cost only where it is fused into another operator"};
    case op_kind::layer_norm: t.gain = o.saved.back().elements(); break;
    case op_kind::softmax: case op_kind::log_softmax: t.row = o.output.from_back(1); break;
    case op_kind::mean:
        t.large = o.operands[0].elements();
        t.row = o.operands[0].from_back(1);
        break;
    case op_kind::add: case op_kind::sub: case op_kind::mul: case op_kind::div: {
        const bool two = o.operands.size() >= 2 && !(o.kind == op_kind::mul && (o.operands[0].rank == 0 || o.operands[1].rank == 0));
        if (!two) {
            const bool first_saved = o.kind == op_kind::mul && !o.saved.empty();
            if (first_saved) t.large = o.saved[0].elements();
            else if (!o.operands.empty()) t.large = o.operands[0].elements();
            break;
        }
        const workload::shape &a = o.operands[0], &b = o.operands[1];
        if (a.rank == b.rank) {
            t.arity = vector_task::operands::two_of_equal_rank;
            const bool first = a.elements() >= b.elements();
            t.large = (first ? a : b).elements();
            t.small = (first ? b : o.kind == op_kind::add ? a : b).elements();
        } else {
            t.arity = vector_task::operands::two_of_different_rank;
            const bool first = a.rank > b.rank;
            t.large = (first ? a : b).elements();
            const workload::shape& y = first ? b : a;
            t.small_front = y.rank == 0 ? 0 : y[0];
        }
        break;
    }
    default: break;
    }
    return t;
}

namespace detail {

[[nodiscard]] constexpr long long ceiling(long long a, long long b) { return (a + b - 1) / b; }

/// How often each part of a vector core is used (docs/estimator.md 5.1): accesses to DRAM, L2, lookup table, and to the registers of the
/// input, the two extra operands, the output and the intermediate, in one PE.
struct vector_counts {
    double cycles = 0;
    double dram_reads = 0, dram_writes = 0, l2_reads = 0, l2_writes = 0, lookups = 0;
    double input_reads = 0, input_writes = 0, first_reads = 0, first_writes = 0, second_reads = 0, second_writes = 0;
    double output_writes = 0, scratch_reads = 0, scratch_writes = 0;

    /// `elements` streamed through buffers of `capacity`; returns L2 accesses.
    constexpr double stream(long long elements, long long capacity, long long pes, double passes = 1.0) {
        const long long tiles = ceiling(elements, capacity);
        const long long dram = ceiling(elements, tiles);
        const auto l2 = static_cast<double>(dram * ceiling(tiles, pes));
        dram_reads = dram_writes = passes * static_cast<double>(dram);
        l2_reads = l2_writes = passes * l2;
        return l2;
    }
};

/// The counts of docs/estimator.md 5.2 for an operator into which others are fused. The head itself is not counted: reproduced.
[[nodiscard]] constexpr vector_counts fused_counts(const hardware::vector_task& t, double steps) {
    vector_counts c;
    c.cycles = t.fused_cycles * steps;
    c.dram_writes = c.l2_reads = c.l2_writes = steps * t.fused_members;
    c.input_reads = steps * t.fused_cycles;
    c.input_writes = c.output_writes = steps;
    return c;
}

/// The counts of docs/estimator.md 5.2 for add, sub, mul and div.
[[nodiscard]] constexpr vector_counts binary_counts(const hardware::vector_task& t, const hardware::vector_unit& u) {
    using arity = hardware::vector_task::operands;
    const bool divides = t.kind == workload::op_kind::div;
    const long long steps = ceiling(t.large, u.elements);
    const long long cycles = divides ? 10 * steps : steps;
    vector_counts c;
    (void)c.stream(t.large, u.l2_bytes, u.elements);
    c.cycles = static_cast<double>(cycles);
    c.input_reads = c.input_writes = c.output_writes = static_cast<double>(steps);
    if (t.arity == arity::one) return c;
    c.first_reads = static_cast<double>(steps);
    if (t.arity == arity::two_of_equal_rank) c.first_writes = static_cast<double>(ceiling(t.small, u.elements));
    else if (t.small_front == 0) c.first_writes = divides ? 1.0 : static_cast<double>(cycles);
    else c.first_writes = static_cast<double>(ceiling(cycles, t.small_front)) / (divides ? 10.0 : 1.0);
    return c;
}

/// The counts of docs/estimator.md 5.2 for the other operators.
[[nodiscard]] constexpr vector_counts unary_counts(const hardware::vector_task& t, const hardware::vector_unit& u) {
    using workload::op_kind;
    const auto steps = static_cast<double>(ceiling(t.output, u.elements));
    const auto elements = static_cast<double>(t.output);
    const int per_element = workload::facts(t.kind).cycles;
    const long long all_l2 = u.l2_bytes * u.cores;
    vector_counts c;
    c.cycles = per_element * steps;
    switch (t.kind) {
    case op_kind::layer_norm:
        (void)c.stream(t.output, all_l2, u.elements);
        c.input_reads = c.input_writes = c.first_reads = c.second_reads = c.output_writes = c.cycles;
        c.first_writes = c.second_writes = static_cast<double>(t.gain);
        break;
    case op_kind::pow: case op_kind::sqrt: case op_kind::neg:
        (void)c.stream(t.output, all_l2, u.elements);
        c.input_reads = c.cycles;
        c.input_writes = c.output_writes = steps;
        break;
    case op_kind::tanh: case op_kind::hardtanh: case op_kind::cos: case op_kind::sin:
    case op_kind::sigmoid: case op_kind::hardsigmoid: case op_kind::hardswish: {
        const bool one_lookup = t.kind == op_kind::sigmoid || t.kind == op_kind::hardsigmoid || t.kind == op_kind::hardswish;
        (void)c.stream(t.output, all_l2, u.elements);
        c.input_reads = c.input_writes = c.output_writes = c.scratch_reads = c.scratch_writes = steps;
        c.lookups = one_lookup ? elements : 2.0 * elements;
        break;
    }
    case op_kind::dropout:
        (void)c.stream(t.output, all_l2, u.elements);
        c.input_reads = c.input_writes = c.second_reads = c.second_writes = c.output_writes = steps;
        break;
    case op_kind::softmax: case op_kind::log_softmax: {
        const long long row_steps = ceiling(t.row, u.elements);
        const double l2 = c.stream(t.output, all_l2, u.elements, 2.0);
        c.cycles = static_cast<double>(ceiling(t.output, t.row) * row_steps + 10) + per_element * steps;
        c.input_reads = c.cycles + l2 * per_element;
        c.input_writes = c.output_writes = c.cycles / static_cast<double>(row_steps) + 10.0 + l2;
        c.lookups = elements;
        break;
    }
    case op_kind::erf:
        (void)c.stream(t.output, u.l2_bytes, u.elements);
        c.input_reads = c.input_writes = c.cycles;
        c.output_writes = elements;
        break;
    case op_kind::mean: {
        const long long row_steps = ceiling(t.row, u.elements) + 10;
        (void)c.stream(t.large, u.l2_bytes, u.elements);
        c.cycles = static_cast<double>(ceiling(t.output, t.row) * row_steps);
        c.input_reads = c.cycles;
        c.input_writes = c.output_writes = c.cycles / static_cast<double>(row_steps);
        break;
    }
    default: // relu, masked_fill
        (void)c.stream(t.output, all_l2, u.elements);
        c.input_reads = c.input_writes = c.output_writes = c.cycles;
        break;
    }
    return c;
}

} // namespace detail

/// Cycles and energy of one vector operator (docs/estimator.md 5). Closed form; every cycle counts as one multiply-accumulate
/// in each PE. @pre `u` has PEs, cores and an L2; see `has_legal_geometry`
[[nodiscard]] constexpr op_cost vector_cost(const vector_task& t, const vector_unit& u) {
    using workload::op_kind;
    verdant::hardware::detail::vector_counts c;
    if (t.fused_members > 0)
        c = verdant::hardware::detail::fused_counts(t, static_cast<double>(verdant::hardware::detail::ceiling(t.output, u.elements)));
    else if (t.kind == op_kind::add || t.kind == op_kind::sub || t.kind == op_kind::mul || t.kind == op_kind::div)
        c = verdant::hardware::detail::binary_counts(t, u);
    else
        c = verdant::hardware::detail::unary_counts(t, u);
    constexpr element_cost pe = int8_22nm::vector_element;
    constexpr double words = int8_22nm::words_per_access;
    const double memory = int8_22nm::dram_picojoules / words * (c.dram_reads + c.dram_writes) +
                          (c.l2_reads * u.l2_read_picojoules + c.l2_writes * u.l2_write_picojoules) / words +
                          int8_22nm::lookup_picojoules * c.lookups;
    const double reads = c.input_reads + c.first_reads + c.second_reads + c.scratch_reads;
    const double writes = c.input_writes + c.first_writes + c.second_writes + c.output_writes + c.scratch_writes;
    return {c.cycles, memory + static_cast<double>(u.elements) * (pe.register_read_picojoules * reads + pe.register_write_picojoules * writes +
                                                                  int8_22nm::vector_mac_picojoules * c.cycles)};
}

} // namespace verdant::hardware
