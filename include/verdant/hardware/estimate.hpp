#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/hardware/mapping/bounds.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/hardware/tensor_core.hpp>
#include <verdant/hardware/vector_core.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/graph/operator.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// The estimate of a model on an accelerator, operator by operator.
namespace verdant::hardware {

/// Latency and energy of some part of an inference.
struct inference_cost {
    si::time latency{};
    si::energy energy{};
};

/// What one inference costs on an accelerator, whole and by component.
struct estimate : inference_cost {
    std::array<inference_cost, workload::component_count> parts{}; ///< in the order of `workload::components`

    /// The share of one component. @pre it is one of `workload::components`
    [[nodiscard]] constexpr const inference_cost& operator[](workload::component c) const {
        return parts.at(static_cast<std::size_t>(c) - 1);
    }
};

/// What one operator costs, each time it runs.
struct op_estimate : inference_cost {
    std::string_view section;
    std::string_view name;
    workload::op_kind kind;
    workload::component part;
    workload::node_id source; ///< node of the traced graph
    double times;             ///< runs per inference
};

/// A mapper that reports lower bounds on cycles and energy instead of searching (docs/estimator.md 4.6); constexpr.
struct bound_mapper {
    /// @throws input_error if the bounds are not exact (see `require_valid`)
    [[nodiscard]] constexpr mapping_result operator()(const loop_bounds& b, const mapping_target& t) const {
        require_valid(b);
        return mapping{minimum_cycles(b, t), minimum_energy(b, t), {}};
    }
};

namespace detail {

[[nodiscard]] inline std::string extents_text(const hardware::loop_bounds& b) {
    std::string text;
    for (const int extent : b.extent) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text;
}

/// Costs of all tasks of a model, then of its operators one by one through `visit(op, cycles, picojoules)`.
template <hardware::mapper Mapper, class Visit>
constexpr void for_each_cost(const hardware::lowered_model& m, const hardware::accelerator& a, const Mapper& map, Visit&& visit) {
    using namespace hardware;
    if (!has_legal_geometry(a)) throw input_error{"accelerator", "", legal_geometry_text, "one that is not so"};
    std::array<op_cost, lowered_model::max_tasks> tensor{}, vector{};
    const vector_unit unit = vector_unit_of(a);
    for (std::size_t i = 0; i < m.vector_tasks.size(); ++i) vector[i] = vector_cost(m.vector_tasks[i], unit);
    const mapping_target target = mapping_target_of(a);
    for (std::size_t i = 0; i < m.tensor_tasks.size(); ++i) {
        const mapping_result found = map(m.tensor_tasks[i], target);
        if (!found) {
            for (const lowered_op& op : m.ops)
                if (op.core() == workload::core_kind::tensor && op.task == i)
                    throw infeasible_error{std::string{op.section} + ", " + std::string{op.name} + " (loops " +
                                           extents_text(m.tensor_tasks[i]) + "): " + found.error().text()};
        }
        tensor[i] = {found->cycles, found->energy};
    }
    for (const lowered_op& op : m.ops) {
        if (op.core() == workload::core_kind::tensor) visit(op, tensor[op.task].cycles + op.fused_cycles, tensor[op.task].energy_picojoules);
        else visit(op, vector[op.task].cycles, vector[op.task].energy_picojoules);
    }
}

} // namespace detail

/// Latency and energy of one inference: operators run one after another, without overlap, every layer costs what its tower's
/// representative costs (docs/estimator.md 6.1).
/// @param map finds the cycles and energy of each loop nest; a `mapping_search` or a cache of one, or `bound_mapper` for lower bounds at
///            compile time
/// @throws infeasible_error naming operator and constraint, if a loop nest cannot be mapped; input_error if `a` has no legal geometry
template <mapper Mapper>
[[nodiscard]] constexpr estimate estimate_with(const Mapper& map, const lowered_model& m, const accelerator& a) {
    std::array<double, workload::component_count + 1> seconds{}, picojoules{};
    verdant::hardware::detail::for_each_cost(m, a, map, [&](const lowered_op& op, double cycles, double energy) {
        const auto part = static_cast<std::size_t>(op.part);
        seconds[part] += cycles / int8_22nm::cycles_per_second * op.times;
        picojoules[part] += energy * op.times;
    });
    estimate e;
    double all_seconds = seconds[0], all_picojoules = picojoules[0];
    for (std::size_t i = 0; i < workload::component_count; ++i) {
        e.parts[i] = {seconds[i + 1] * verdant::seconds{}, picojoules[i + 1] * verdant::picojoules{}};
        all_seconds += seconds[i + 1];
        all_picojoules += picojoules[i + 1];
    }
    e.latency = all_seconds * verdant::seconds{};
    e.energy = all_picojoules * verdant::picojoules{};
    return e;
}

/// Lower bounds on latency and energy of one inference, closed form: usable in a `static_assert`.
/// @throws input_error if `a` has no legal geometry, or a loop nest has more multiply-accumulates than doubles count exactly
[[nodiscard]] constexpr estimate lower_bound(const lowered_model& m, const accelerator& a) { return estimate_with(bound_mapper{}, m, a); }

} // namespace verdant::hardware
