#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/cycle.hpp>
#include <verdant/graph/onnx_ir.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Networks as AutoBuild's graphs of ONNX operators in JSON (AutoBuild: onnx_ir/*.py): an object with `nodes`, a list of operators in the form that
/// protocol buffers have in JSON, and `src2dst`, which gives for the `id` of an operator those of the operators that take what it gives.
namespace verdant::io {

namespace detail {

/// Reads one operator; `place` is where it stands.
class onnx_node_reader {
public:
    using json = nlohmann::ordered_json;

    onnx_node_reader(std::string_view source, std::string place) : source_{source}, place_{std::move(place)} {}

    [[nodiscard]] graph::onnx_node read(const json& from) const {
        if (!from.is_object()) fail("", "an object", from.type_name());
        graph::onnx_node n;
        n.id = text(from, from.contains("str_id") ? "str_id" : "id");
        n.name = from.contains("name") ? text(from, "name") : n.id;
        n.operation = text(from, "op_type");
        n.inputs = tensors(from, "inputs");
        n.outputs = tensors(from, "outputs");
        if (const auto* list = member(from, "attribute")) {
            if (!list->is_array() && !list->is_object()) fail("attribute", "a list or an object", list->type_name());
            for (const auto& [key, value] : list->items()) n.attributes.push_back(attribute(value, list->is_object() ? key : std::string{}));
        }
        if (const auto* list = member(from, "initializer")) {
            if (!list->is_object()) fail("initializer", "an object", list->type_name());
            n.initializers.emplace();
            for (const auto& [key, value] : list->items()) {
                graph::onnx_initializer i{key, {}};
                if (const auto* dims = value.is_object() ? member(value, "dims") : nullptr) i.dims = integers(*dims, "initializer");
                n.initializers->push_back(std::move(i));
            }
        }
        return n;
    }

private:
    /// A member that is there and not null.
    [[nodiscard]] static const json* member(const json& object, const char* name) {
        const auto found = object.find(name);
        return found == object.end() || found->is_null() ? nullptr : &*found;
    }
    [[noreturn]] void fail(const std::string& where, const std::string& expected, const std::string& found) const {
        throw input_error{source_, place_ + (where.empty() ? "" : ", ") + where, expected, found};
    }
    [[nodiscard]] std::string text(const json& object, const char* name) const {
        const auto* value = member(object, name);
        if (value == nullptr || !value->is_string()) fail(name, "a text", value == nullptr ? "none" : value->type_name());
        return value->get<std::string>();
    }
    /// A whole number, which protocol buffers write as a text.
    [[nodiscard]] std::int64_t integer(const json& value, const char* where) const {
        if (value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)) return value.get<std::int64_t>();
        if (!value.is_string()) fail(where, "a whole number", value.is_number() ? value.dump() : value.type_name());
        const auto& digits = value.get_ref<const std::string&>();
        std::int64_t number = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) fail(where, "a whole number", '\'' + digits + '\'');
        return number;
    }
    [[nodiscard]] std::vector<std::int64_t> integers(const json& list, const char* where) const {
        if (!list.is_array()) fail(where, "a list", list.type_name());
        std::vector<std::int64_t> all;
        for (const auto& value : list) all.push_back(integer(value, where));
        return all;
    }
    /// A number, or a text as protocol buffers write one that is not finite (json_format: `Infinity`, `-Infinity`, `NaN`) and read any. Python's own
    /// `Infinity` without quotation marks is no JSON, and the originals' files have none of it.
    [[nodiscard]] double number(const json& value, const char* where) const {
        if (value.is_number()) return value.get<double>();
        const auto text = value.is_string() ? value.get<std::string>() : std::string{};
        if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
        if (text == "Infinity" || text == "-Infinity") return (text[0] == '-' ? -1 : 1) * std::numeric_limits<double>::infinity();
        double number = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(number))
            fail(where, "a number, or one as a text", value.is_string() ? '\'' + text + '\'' : value.type_name());
        return number;
    }

    [[nodiscard]] std::vector<graph::onnx_tensor> tensors(const json& from, const char* name) const {
        std::vector<graph::onnx_tensor> all;
        const auto* list = member(from, name);
        if (list == nullptr) return all;
        if (!list->is_array()) fail(name, "a list", list->type_name());
        for (const auto& value : *list) {
            if (!value.is_object()) fail(name, "objects", value.type_name());
            auto& tensor = all.emplace_back();
            if (member(value, "name") != nullptr) tensor.name = text(value, "name");
            const json* shape = &value;
            for (const auto* step : {"type", "tensorType", "shape"}) {
                shape = member(*shape, step);
                if (shape == nullptr) break;
                if (!shape->is_object()) fail(name, std::string{step} + " to be an object", shape->type_name());
            }
            if (shape == nullptr) continue;
            tensor.shape.emplace();
            const auto* dims = member(*shape, "dim");
            if (dims == nullptr) {
                tensor.shape->push_back(0);
                continue;
            }
            if (!dims->is_array()) fail(name, "a list dim", dims->type_name());
            for (const auto& d : *dims) {
                if (!d.is_object()) fail(name, "dimensions as objects", d.type_name());
                const auto* size = member(d, "dimValue"); // one with a name instead of a number counts as 0
                tensor.shape->push_back(size == nullptr ? 0 : integer(*size, name));
            }
        }
        return all;
    }

    [[nodiscard]] graph::onnx_attribute attribute(const json& from, const std::string& key) const {
        if (!from.is_object()) fail("attribute", "objects", from.type_name());
        graph::onnx_attribute a;
        a.name = key.empty() ? text(from, "name") : key;
        if (const auto* value = member(from, "ints")) a.integers = integers(*value, "attribute");
        else if (const auto* one = member(from, "i")) a.integers.push_back(integer(*one, "attribute"));
        if (const auto* value = member(from, "floats")) {
            if (!value->is_array()) fail("attribute", "a list of floats", value->type_name());
            for (const auto& x : *value) a.numbers.push_back(number(x, "attribute"));
        } else if (const auto* one = member(from, "f")) {
            a.numbers.push_back(number(*one, "attribute"));
        }
        if (const auto* value = member(from, "s"); value != nullptr && value->is_string()) a.text = value->get<std::string>();
        return a;
    }

    std::string_view source_;
    std::string place_;
};

} // namespace detail

/// What a reader of operators asks of them.
struct onnx_ir_options {
    bool acyclic = true; ///< whether a cycle is refused: no network has one
};

/// Reads a network. Members of other names are left alone, and so are fields of operators that have no part in the features.
/// @param object with `nodes` and `src2dst`
/// @throws input_error that names source and place: for a member of the wrong kind, two operators of one id, an edge to an operator that is not
/// there, a cycle
template <class = instantiated_when_used>
[[nodiscard]] graph::onnx_graph onnx_ir_from_json(const nlohmann::ordered_json& object, std::string_view source,
                                                  const onnx_ir_options& options = {}) {
    const auto part = [&](const char* name) -> const nlohmann::ordered_json& {
        if (!object.is_object() || !object.contains(name))
            throw input_error{source, "", "an object with nodes and src2dst",
                              object.is_object() ? "none of " + std::string{name} : object.type_name()};
        return object[name];
    };
    graph::onnx_graph out;
    std::map<std::string, graph::node, std::less<>> numbers;
    const auto& nodes = part("nodes");
    if (!nodes.is_array()) throw input_error{source, "nodes", "a list", nodes.type_name()};
    for (std::size_t n = 0; n < nodes.size(); ++n) {
        const auto place = "nodes[" + std::to_string(n) + ']';
        out.nodes.push_back(verdant::io::detail::onnx_node_reader{source, place}.read(nodes[n]));
        if (!numbers.emplace(out.nodes.back().id, static_cast<graph::node>(n)).second)
            throw input_error{source, place, "ids that differ", '\'' + out.nodes.back().id + "' twice"};
    }
    const auto& edges = part("src2dst");
    if (!edges.is_object()) throw input_error{source, "src2dst", "an object", edges.type_name()};
    const auto number_of = [&](const std::string& id) {
        const auto found = numbers.find(id);
        if (found == numbers.end()) throw input_error{source, "src2dst", "the id of a node", '\'' + id + '\''};
        return found->second;
    };
    for (const auto& [from, to] : edges.items()) {
        if (!to.is_array()) throw input_error{source, "src2dst." + from, "a list of ids", to.type_name()};
        for (const nlohmann::ordered_json& id : to) {
            if (!id.is_string()) throw input_error{source, "src2dst." + from, "a list of ids", id.type_name()};
            out.edges.push_back({number_of(from), number_of(id.get<std::string>())});
        }
    }
    if (options.acyclic) {
        const auto cycle = graph::find_cycle({out.nodes.size(), out.edges});
        if (!cycle.empty()) throw input_error{source, "src2dst", "no cycle", "one through '" + out.nodes[cycle[0]].id + '\''};
    }
    return out;
}
VERDANT_DEFINED_ONCE(graph::onnx_graph onnx_ir_from_json<>(const nlohmann::ordered_json&, std::string_view, const onnx_ir_options&));

/// Reads a network from text. Throws input_error.
[[nodiscard]] inline graph::onnx_graph parse_onnx_ir(std::string_view text, std::string_view source, const onnx_ir_options& options = {}) {
    return onnx_ir_from_json(parse_json<nlohmann::ordered_json>(text, source), source, options);
}

/// Reads a network from a file. Throws file_error or input_error, which name the file.
[[nodiscard]] inline graph::onnx_graph read_onnx_ir(const std::string& path, const onnx_ir_options& options = {}) {
    return parse_onnx_ir(read_file(path), path, options);
}

} // namespace verdant::io
