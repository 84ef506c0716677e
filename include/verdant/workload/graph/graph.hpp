#pragma once

#include <verdant/workload/graph/bounded_list.hpp>
#include <verdant/workload/graph/operator.hpp>
#include <verdant/workload/graph/shape.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

/// Graphs of operators, and the tracer that records them.
namespace verdant::workload {

/// Index of a node in its graph; inputs have smaller indices, so the numbering is a topological order.
using node_id = std::int16_t;

/// A stretch of a model that is costed as one graph: an encoder layer, the embeddings of a tower, the head. Edges between sections
/// are not seen by fusion and by the costs (docs/estimator.md 3.1).
struct section {
    std::string_view name;
    int layers = 0; ///< how many layers this one stands for; 0 where it is not a repeated layer
    friend constexpr bool operator==(const section&, const section&) = default;
};

/// One traced operator.
struct node {
    std::string_view name;                ///< for messages, such as `"q_proj"`; not unique
    op_kind kind = op_kind::index;
    component part = component::none;
    std::int8_t section = 0;              ///< index into `graph::sections`
    bool has_weight = false;
    shape output{};
    shape weight{};                       ///< of a module with one weight tensor (linear, convolution, norm, embedding)
    bounded_list<node_id, 8> inputs{};    ///< in the order of the arguments; a node that is used twice is listed once
};

/// The operator graph of a model with one representative of each repeated layer, as a tracer sees it: shape arithmetic included.
struct graph {
    static constexpr std::size_t max_nodes = 384;
    static constexpr std::size_t max_sections = 8;

    bounded_list<node, max_nodes> nodes{};
    bounded_list<section, max_sections> sections{};

    [[nodiscard]] constexpr const node& operator[](node_id id) const { return nodes[static_cast<std::size_t>(id)]; }
};

/// Records a graph in execution order. Each call appends one node and returns its index; the section and component in force are
/// those last entered, which is how the original's tracer attributes shape arithmetic between modules.
class tracer {
public:
    /// Begins a section; later nodes belong to it.
    /// @param layers how many layers it stands for, 0 where it is no repeated layer
    constexpr std::int8_t begin_section(std::string_view name, int layers = 0) {
        graph_.sections.push_back({name, layers});
        return section_ = static_cast<std::int8_t>(graph_.sections.size() - 1);
    }
    /// Goes back to a section begun before.
    constexpr void enter(std::int8_t section) { section_ = section; }
    /// Later nodes belong to this component.
    constexpr void enter(component part) { part_ = part; }

    /// Any operator without weights.
    /// @throws error if the graph or the list of inputs is full
    constexpr node_id call(std::string_view name, op_kind kind, const shape& output, std::initializer_list<node_id> inputs = {}) {
        node n{name, kind, part_, section_, false, output, {}, {}};
        for (const node_id i : inputs) n.inputs.push_back(i);
        graph_.nodes.push_back(n);
        return static_cast<node_id>(graph_.nodes.size() - 1);
    }
    /// A module with one weight, of shape `weight`.
    constexpr node_id module(std::string_view name, op_kind kind, const shape& output, node_id input, const shape& weight) {
        const node_id id = call(name, kind, output, {input});
        node& n = graph_.nodes[static_cast<std::size_t>(id)];
        n.has_weight = true;
        n.weight = weight;
        return id;
    }
    /// A model input.
    constexpr node_id input(std::string_view name, const shape& output) {
        const node_id id = call(name, op_kind::source, output);
        graph_.nodes[static_cast<std::size_t>(id)].part = component::none;
        return id;
    }
    /// Shape arithmetic and the like: free.
    constexpr node_id index(std::string_view name, const shape& output, std::initializer_list<node_id> inputs = {}) {
        return call(name, op_kind::index, output, inputs);
    }
    /// A change of shape: free, but visible to fusion; so is `transpose`.
    constexpr node_id view(const shape& output, std::initializer_list<node_id> inputs) { return call("view", op_kind::view, output, inputs); }
    constexpr node_id transpose(const shape& output, node_id input) { return call("transpose", op_kind::transpose, output, {input}); }
    /// `input` [..., in] times a weight [out, in].
    constexpr node_id linear(std::string_view name, node_id input, int out) {
        shape output = shape_of(input);
        const int in = output.from_back(1);
        output.extent[static_cast<std::size_t>(output.rank - 1)] = out;
        return module(name, op_kind::linear, output, input, {out, in});
    }
    /// A norm over the last extent of `input`, with a weight of that extent.
    constexpr node_id layer_norm(std::string_view name, node_id input) {
        const shape s = shape_of(input);
        return module(name, op_kind::layer_norm, s, input, {s.from_back(1)});
    }
    /// An elementwise operator whose output has the shape of its first input. @pre there is an input
    constexpr node_id elementwise(std::string_view name, op_kind kind, std::initializer_list<node_id> inputs) {
        return call(name, kind, shape_of(*inputs.begin()), inputs);
    }

    [[nodiscard]] constexpr const shape& shape_of(node_id id) const { return graph_[id].output; }
    [[nodiscard]] constexpr const graph& result() const { return graph_; }

private:
    graph graph_{};
    std::int8_t section_ = 0;
    component part_ = component::none;
};

} // namespace verdant::workload
