#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/workload/graph/bounded_list.hpp>
#include <verdant/workload/graph/graph.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

/// Fuses the operators of a graph.
namespace verdant::workload {

/// One operator that costs something, with what was fused into it.
struct operation {
    std::string_view name;
    op_kind kind = op_kind::add;
    component part = component::none;
    std::int8_t section = 0;
    node_id source = -1;                     ///< the node of the traced graph; -1 where there is none
    shape output{};
    bounded_list<shape, 4> operands{};       ///< output shapes of the predecessors in the same section
    bounded_list<shape, 4> saved{};          ///< shapes of all inputs, whatever their section, then of the weight
    bounded_list<op_kind, 4> members{};      ///< operators fused into this one, in order
};

/// The operators of a model that cost something, sections of repeated layers first.
struct model {
    static constexpr std::size_t max_operations = 192;

    bounded_list<section, graph::max_sections> sections{};
    bounded_list<operation, max_operations> operations{};
};

/// Whether fusion may append an operator of class `second` to one of class `first` (docs/estimator.md 3.3).
[[nodiscard]] constexpr bool may_fuse(fusion_class first, fusion_class second) {
    using enum fusion_class;
    if (first == complex) return second == activation || second == injective || second == norm || second == dropout || second == transformation;
    if (first == injective) return second == injective || second == reduction || second == dropout;
    return false;
}

namespace detail {

/// The working state of the fusion pass: edges within sections only.
class fusion_state {
public:
    explicit constexpr fusion_state(const workload::graph& g) : graph_{g} {
        for (std::size_t i = 0; i < g.nodes.size(); ++i)
            for (const workload::node_id p : g.nodes[i].inputs)
                if (g[p].section == g.nodes[i].section) inputs_[i].push_back(p);
    }

    /// Fuses until nothing changes, looking for the first fusible node in topological order after every success.
    constexpr void run() {
        while (fuse_once()) {}
    }

    [[nodiscard]] constexpr bool absorbed(std::size_t i) const { return absorbed_[i]; }
    [[nodiscard]] constexpr const auto& inputs(std::size_t i) const { return inputs_[i]; }
    [[nodiscard]] constexpr const auto& members(std::size_t i) const { return members_[i]; }

private:
    constexpr bool fuse_once() {
        const std::size_t n = graph_.nodes.size();
        std::array<int, workload::graph::max_nodes> successors{};
        std::array<std::size_t, workload::graph::max_nodes> successor{};
        for (std::size_t i = 0; i < n; ++i) {
            if (absorbed_[i]) continue;
            for (const workload::node_id p : inputs_[i]) {
                ++successors[static_cast<std::size_t>(p)];
                successor[static_cast<std::size_t>(p)] = i;
            }
        }
        for (std::size_t v = 0; v < n; ++v) {
            if (absorbed_[v] || successors[v] != 1) continue;
            const std::size_t s = successor[v];
            if (inputs_[s].size() != 1 || !workload::may_fuse(class_of(v), class_of(s))) continue;
            absorb(v, s);
            return true;
        }
        return false;
    }

    [[nodiscard]] constexpr workload::fusion_class class_of(std::size_t i) const { return workload::facts(graph_.nodes[i].kind).fusion; }

    constexpr void absorb(std::size_t v, std::size_t s) {
        members_[v].push_back(graph_.nodes[s].kind);
        for (const workload::op_kind m : members_[s]) members_[v].push_back(m);
        absorbed_[s] = true;
        // v had no successor but s, so no node gets v twice
        for (std::size_t i = s + 1; i < graph_.nodes.size(); ++i)
            for (workload::node_id& p : inputs_[i])
                if (p == static_cast<workload::node_id>(s)) p = static_cast<workload::node_id>(v);
    }

    const workload::graph& graph_;
    std::array<workload::bounded_list<workload::node_id, 8>, workload::graph::max_nodes> inputs_{};
    std::array<workload::bounded_list<workload::op_kind, 4>, workload::graph::max_nodes> members_{};
    std::array<bool, workload::graph::max_nodes> absorbed_{};
};

[[nodiscard]] constexpr workload::model fused(const workload::graph& g) {
    using namespace workload;
    fusion_state state{g};
    state.run();
    model m;
    m.sections = g.sections;
    for (const bool repeated : {true, false}) {
        for (std::size_t i = 0; i < g.nodes.size(); ++i) {
            const node& n = g.nodes[i];
            if (state.absorbed(i) || core_of(n.kind) == core_kind::none) continue;
            if ((g.sections[static_cast<std::size_t>(n.section)].layers > 0) != repeated) continue;
            operation o{n.name, n.kind, n.part, n.section, static_cast<node_id>(i), n.output, {}, {}, state.members(i)};
            for (const node_id p : state.inputs(i)) o.operands.push_back(g[p].output);
            for (const node_id p : n.inputs) o.saved.push_back(g[p].output);
            if (n.has_weight) o.saved.push_back(n.weight);
            m.operations.push_back(o);
        }
    }
    return m;
}

template <class = instantiated_when_used>
[[nodiscard]] workload::model fused_at_run_time(const workload::graph& g) {
    return fused(g);
}
VERDANT_DEFINED_ONCE(workload::model fused_at_run_time<>(const workload::graph&));

} // namespace detail

/// The operators that cost something after fusion (docs/estimator.md 3.3): a node with one successor, of which it is the only
/// predecessor, takes that successor in where `may_fuse` allows; repeated until stable. The operator keeps its own output shape.
/// @throws error if more operators are left, or are fused into one, than the lists of `model` and `operation` hold
[[nodiscard]] constexpr model fuse(const graph& g) {
    if (std::is_constant_evaluated()) return verdant::workload::detail::fused(g);
    return verdant::workload::detail::fused_at_run_time(g);
}

} // namespace verdant::workload
