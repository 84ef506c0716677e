#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/onnx_ir.hpp>
#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Models of ONNX as graphs of operators, whose features `graph/onnx_features.hpp` makes.
namespace verdant::io {

namespace detail {

/// Reads the graph of a model. Tensors are known by their names.
class onnx_graph_reader {
public:
    explicit onnx_graph_reader(const onnx::GraphProto& from) : from_{from} {
        for (const auto& w : from.initializer()) weights_.emplace(w.name(), graph::onnx_shape(w.dims().begin(), w.dims().end()));
        for (const auto& w : from.sparse_initializer()) weights_.emplace(w.values().name(), graph::onnx_shape(w.dims().begin(), w.dims().end()));
        for (const auto* list : {&from.input(), &from.output(), &from.value_info()})
            for (const auto& info : *list) shapes_.emplace(info.name(), shape_of(info));
    }

    [[nodiscard]] graph::onnx_graph read() {
        for (const auto& input : from_.input())
            if (!weights_.contains(input.name())) {
                made_by_.emplace(input.name(), static_cast<graph::node>(out_.nodes.size()));
                end(input, "input_dummy");
            }
        for (const auto& node : from_.node()) add(node);
        for (const auto& output : from_.output()) {
            use(output.name());
            end(output, "output_dummy");
        }
        for (std::size_t source = 0; source < used_by_.size(); ++source)
            for (const auto target : used_by_[source]) out_.edges.push_back({static_cast<graph::node>(source), target});
        return std::move(out_);
    }

private:
    [[nodiscard]] static std::optional<graph::onnx_shape> shape_of(const onnx::ValueInfoProto& info) {
        if (!info.type().has_tensor_type() || !info.type().tensor_type().has_shape()) return std::nullopt;
        graph::onnx_shape shape;
        for (const auto& d : info.type().tensor_type().shape().dim()) shape.push_back(d.has_dim_value() ? d.dim_value() : 0);
        if (shape.empty()) shape.push_back(0); // as in files of AutoBuild
        return shape;
    }
    [[nodiscard]] graph::onnx_tensor tensor(const std::string& name) const {
        const auto found = shapes_.find(name);
        return {name, found == shapes_.end() ? std::nullopt : found->second};
    }
    void end(const onnx::ValueInfoProto& info, std::string_view operation) {
        graph::onnx_node n;
        n.operation = operation;
        n.inputs = n.outputs = {tensor(info.name())};
        push(std::move(n));
    }
    /// The node that comes next takes a tensor.
    void use(const std::string& name) {
        const auto next = static_cast<graph::node>(out_.nodes.size());
        const auto maker = made_by_.find(name);
        if (maker == made_by_.end()) return;
        auto& users = used_by_[maker->second];
        if (std::find(users.begin(), users.end(), next) == users.end()) users.push_back(next);
    }
    void push(graph::onnx_node n) {
        const auto number = std::to_string(out_.nodes.size());
        n.id = 'n' + number;
        if (n.name.empty()) n.name = n.operation + '_' + number;
        out_.nodes.push_back(std::move(n));
        used_by_.emplace_back();
    }
    void add(const onnx::NodeProto& from) {
        graph::onnx_node n;
        n.name = from.name();
        n.operation = from.op_type();
        // An operator of another domain is another one, whatever its name.
        if (!from.domain().empty() && from.domain() != "ai.onnx") n.operation = from.domain() + '.' + n.operation;
        for (const auto& name : from.input()) {
            if (name.empty()) continue; // left out
            if (const auto weight = weights_.find(name); weight != weights_.end()) {
                if (!n.initializers) n.initializers.emplace();
                n.initializers->push_back({name, weight->second});
                continue;
            }
            n.inputs.push_back(tensor(name));
            use(name);
        }
        for (const auto& name : from.output())
            if (!name.empty()) {
                n.outputs.push_back(tensor(name));
                made_by_[name] = static_cast<graph::node>(out_.nodes.size());
            }
        for (const auto& a : from.attribute()) {
            graph::onnx_attribute to{a.name(), {a.ints().begin(), a.ints().end()}, {a.floats().begin(), a.floats().end()}, a.s()};
            if (a.type() == onnx::AttributeProto::INT) to.integers.push_back(a.i());
            if (a.type() == onnx::AttributeProto::FLOAT) to.numbers.push_back(static_cast<double>(a.f()));
            n.attributes.push_back(std::move(to));
        }
        // Where it is left out, weights say it: channels and groups stand before the kernel.
        if ((n.operation == "Conv" || n.operation == "ConvTranspose") && graph::attribute_of(n, "kernel_shape") == nullptr && n.initializers) {
            const auto& dims = n.initializers->front().dims;
            if (from.input_size() > 1 && n.initializers->front().name == from.input(1) && dims.size() > 2)
                n.attributes.push_back({"kernel_shape", {dims.begin() + 2, dims.end()}, {}, {}});
        }
        push(std::move(n));
    }

    const onnx::GraphProto& from_;
    graph::onnx_graph out_;
    std::map<std::string, graph::onnx_shape, std::less<>> weights_;
    std::map<std::string, std::optional<graph::onnx_shape>, std::less<>> shapes_;
    std::map<std::string, graph::node, std::less<>> made_by_;
    std::vector<std::vector<graph::node>> used_by_;
};

} // namespace detail

/// The operators of a model in its order, between an `input_dummy` for each input and an `output_dummy` for each output; weights are no inputs but
/// constants of their operators. An edge leads from each operator to each that takes what it gives, once. What stands within control flow (`If`,
/// `Loop`) is left out. Lengths without a number are 0. The `kernel_shape` of a convolution that leaves it out is that of its weights; operators of
/// other domains have the domain before their name.
/// @param model such as `read_onnx` gives it: checked, with the shapes of its tensors
template <class = instantiated_when_used>
[[nodiscard]] graph::onnx_graph onnx_operator_graph(const onnx::ModelProto& model) {
    return verdant::io::detail::onnx_graph_reader{model.graph()}.read();
}
VERDANT_DEFINED_ONCE(graph::onnx_graph onnx_operator_graph<>(const onnx::ModelProto&));

} // namespace verdant::io
