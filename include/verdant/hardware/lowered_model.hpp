#pragma once

#include <verdant/hardware/fidelity.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/tensor_core.hpp>
#include <verdant/hardware/vector_core.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/workload/graph/bounded_list.hpp>
#include <verdant/workload/graph/fusion.hpp>
#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

/// A model lowered once to what its estimates on many accelerators share.
namespace verdant::hardware {

/// One operator of a lowered model: which task it is, and how often it runs.
struct lowered_op {
    std::string_view section;
    std::string_view name;
    workload::op_kind kind = workload::op_kind::add;
    workload::component part = workload::component::none;
    workload::node_id source = -1;
    std::uint16_t task = 0;      ///< index into the tasks of its core
    int fused_cycles = 0; ///< cycles of a tensor operator on top of its mapping's, of what is fused into it; once, not per element: reproduced
    double times = 1; ///< runs per inference: the layers that its section stands for

    [[nodiscard]] constexpr workload::core_kind core() const { return workload::core_of(kind); }
};

/// A model reduced to what its cost depends on: the distinct loop nests, the distinct vector operators, and the list of operators that
/// refer to them. Independent of the accelerator; build it once and share it between threads.
struct lowered_model {
    static constexpr std::size_t max_tasks = workload::model::max_operations;

    workload::bounded_list<loop_bounds, max_tasks> tensor_tasks{};
    workload::bounded_list<vector_task, max_tasks> vector_tasks{};
    workload::bounded_list<lowered_op, max_tasks> ops{};
};

namespace detail {

template <class T, std::size_t N>
[[nodiscard]] constexpr std::uint16_t index_in(workload::bounded_list<T, N>& list, const T& value) {
    std::size_t i = 0;
    while (i < list.size() && !(list[i] == value)) ++i;
    if (i == list.size()) list.push_back(value);
    return static_cast<std::uint16_t>(i);
}

/// Cycles of the operators fused into a tensor operator; data movement among them is free (docs/estimator.md 3.3).
[[nodiscard]] constexpr int fused_cycles(const workload::operation& o) {
    int cycles = 0;
    for (const workload::op_kind m : o.members)
        if (workload::facts(m).fusion != workload::fusion_class::transformation) cycles += workload::facts(m).cycles;
    return cycles;
}

template <hardware::fidelity_policy Fidelity>
[[nodiscard]] constexpr hardware::lowered_model reduced(const workload::model& m) {
    using namespace hardware;
    lowered_model lowered;
    std::size_t first_tensor_op = m.operations.size();
    for (std::size_t i = 0; i < m.operations.size(); ++i) {
        const workload::operation& o = m.operations[i];
        const workload::section& s = m.sections[static_cast<std::size_t>(o.section)];
        lowered_op op{s.name, o.name, o.kind, o.part, o.source, 0, 0, 1.0};
        if (s.layers > 0) op.times = s.layers + (Fidelity::counts_representative_again ? 1 : 0);
        if (op.core() == workload::core_kind::tensor) {
            op.task = verdant::hardware::detail::index_in(lowered.tensor_tasks, loop_bounds_of<Fidelity>(o));
            op.fused_cycles = verdant::hardware::detail::fused_cycles(o);
            if (first_tensor_op == m.operations.size()) first_tensor_op = i;
            else if (Fidelity::first_fused_cycles_stick && op.task == lowered.ops[first_tensor_op].task)
                op.fused_cycles = lowered.ops[first_tensor_op].fused_cycles;
        } else {
            op.task = verdant::hardware::detail::index_in(lowered.vector_tasks, vector_task_of(o));
        }
        lowered.ops.push_back(op);
    }
    return lowered;
}

template <hardware::fidelity_policy Fidelity>
[[nodiscard]] hardware::lowered_model reduced_at_run_time(const workload::model& m) {
    return reduced<Fidelity>(m);
}
VERDANT_DEFINED_ONCE(hardware::lowered_model reduced_at_run_time<hardware::faithful>(const workload::model&));
VERDANT_DEFINED_ONCE(hardware::lowered_model reduced_at_run_time<hardware::corrected>(const workload::model&));

} // namespace detail

/// Reduces a model to tasks. Works at compile time and at run time.
/// @tparam Fidelity `faithful` (default) or `corrected`
/// @throws error if an operator has no cost model; see `vector_task_of`
template <fidelity_policy Fidelity = faithful>
[[nodiscard]] constexpr lowered_model lower(const workload::model& m) {
    if (std::is_constant_evaluated()) return verdant::hardware::detail::reduced<Fidelity>(m);
    return verdant::hardware::detail::reduced_at_run_time<Fidelity>(m);
}

} // namespace verdant::hardware
