#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/cycle.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/node_column.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Graphs with features as JSON:
///
///     {"columns": [{"name": "kernel", "categories": 3}, {"name": "width"}], "nodes": [[0, 1.5], [2, 1.5]], "edges": [[0, 1]]}
///
/// A column of categories holds whole numbers below their count. An edge is a source and a target, numbers of nodes from 0.
namespace verdant::io {

/// What a reader of graphs asks of them.
struct graph_json_options {
    std::optional<std::vector<graph::node_column>> columns; ///< those that the file must have, such as `columns_of<S>()` of a space; nothing: any
    bool acyclic = false;                                   ///< whether a cycle is refused
};

/// A graph and what its features are.
struct described_graph {
    std::vector<graph::node_column> columns;
    graph::featured_graph graph;
};

namespace detail {

/// What stands at a name of an object.
[[nodiscard]] inline const nlohmann::json& list_in(const nlohmann::json& object, const char* name, std::string_view source) {
    const auto found = object.find(name);
    if (found == object.end()) throw input_error{source, "", "a member '" + std::string{name} + '\'', "none"};
    if (!found->is_array()) throw input_error{source, name, "a list", found->type_name()};
    return *found;
}

[[nodiscard]] inline std::size_t whole_in(const nlohmann::json& value, std::string_view source, const std::string& place, std::size_t below) {
    if (!value.is_number_integer() || value < 0 || value >= below)
        throw input_error{source, place, "a whole number below " + std::to_string(below),
                          value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace)};
    return value.get<std::size_t>();
}

[[nodiscard]] inline std::vector<graph::node_column> graph_columns(const nlohmann::json& list, std::string_view source) {
    std::vector<graph::node_column> columns;
    for (std::size_t c = 0; c < list.size(); ++c) {
        const auto place = "columns[" + std::to_string(c) + ']';
        const auto& from = list[c];
        if (!from.is_object() || !from.contains("name") || !from["name"].is_string())
            throw input_error{source, place, "an object with a name", from.type_name()};
        io::check_members(from, source, place + '.', std::array<std::string_view, 2>{"name", "categories"});
        auto& column = columns.emplace_back(from["name"].get<std::string>());
        if (from.contains("categories")) column.categories = whole_in(from["categories"], source, place + ".categories", std::size_t{1} << 24U);
        for (std::size_t before = 0; before < c; ++before)
            if (columns[before].name == column.name) throw input_error{source, place, "different names of columns", '\'' + column.name + "' twice"};
    }
    return columns;
}

inline void require_columns(const std::vector<graph::node_column>& found, const std::vector<graph::node_column>& expected, std::string_view source) {
    const auto text = [](const graph::node_column& c) {
        return '\'' + c.name + '\'' + (c.categories == 0 ? std::string{" of numbers"} : " of " + std::to_string(c.categories) + " categories");
    };
    for (std::size_t c = 0; c < std::max(found.size(), expected.size()); ++c)
        if (c >= found.size() || c >= expected.size() || !(found[c] == expected[c]))
            throw input_error{source, "columns[" + std::to_string(c) + ']',
                              c < expected.size() ? "the column " + text(expected[c]) : "no further column",
                              c < found.size() ? text(found[c]) : "none"};
}

} // namespace detail

/// Reads a graph from text.
/// @throws input_error that names the source and the place: what is not JSON or not a graph, a category that a column does not have, a number that is
/// not finite or too large, an edge to no node, other columns than asked for, a cycle where none may be
template <class = instantiated_when_used>
[[nodiscard]] described_graph parse_graph_json(std::string_view text, std::string_view source, const graph_json_options& options = {}) {
    const auto all = parse_json(text, source);
    if (!all.is_object()) throw input_error{source, "", "an object with columns, nodes and edges", all.type_name()};
    check_members(all, source, "", std::array<std::string_view, 3>{"columns", "nodes", "edges"});
    described_graph out;
    out.columns = verdant::io::detail::graph_columns(verdant::io::detail::list_in(all, "columns", source), source);
    if (options.columns) verdant::io::detail::require_columns(out.columns, *options.columns, source);
    const auto& nodes = verdant::io::detail::list_in(all, "nodes", source);
    out.graph.columns = out.columns.size();
    for (std::size_t n = 0; n < nodes.size(); ++n) {
        const auto place = "nodes[" + std::to_string(n) + ']';
        if (!nodes[n].is_array() || nodes[n].size() != out.columns.size())
            throw input_error{source, place, "a list of " + std::to_string(out.columns.size()) + " numbers",
                              nodes[n].is_array() ? std::to_string(nodes[n].size()) + " values" : nodes[n].type_name()};
        for (std::size_t c = 0; c < out.columns.size(); ++c) {
            const auto& value = nodes[n][c];
            const auto where = place + ", column '" + out.columns[c].name + '\'';
            if (!value.is_number()) throw input_error{source, where, "a number", value.type_name()};
            const auto number = value.get<double>();
            if (out.columns[c].categories > 0) {
                if (!(number >= 0 && number < static_cast<double>(out.columns[c].categories)) || number != std::floor(number))
                    throw input_error{source, where, "one of " + std::to_string(out.columns[c].categories) + " categories, a whole number from 0",
                                      value.dump()};
            } else if (!(std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max()))) {
                throw input_error{source, where, "a number of single precision", value.dump()};
            }
            out.graph.features.push_back(static_cast<float>(number));
        }
    }
    const auto& list = verdant::io::detail::list_in(all, "edges", source);
    std::vector<graph::edge> edges;
    edges.reserve(list.size());
    for (std::size_t e = 0; e < list.size(); ++e) {
        const auto place = "edges[" + std::to_string(e) + ']';
        if (!list[e].is_array() || list[e].size() != 2) throw input_error{source, place, "a source and a target", list[e].type_name()};
        edges.push_back({static_cast<graph::node>(verdant::io::detail::whole_in(list[e][0], source, place + "[0]", nodes.size())),
                         static_cast<graph::node>(verdant::io::detail::whole_in(list[e][1], source, place + "[1]", nodes.size()))});
    }
    out.graph.edges = graph::csr_graph{nodes.size(), edges};
    if (options.acyclic) {
        const auto cycle = find_cycle(out.graph.edges);
        if (!cycle.empty()) {
            std::string way;
            for (std::size_t i = 0; i < cycle.size() && i < 20; ++i) way += std::to_string(cycle[i]) + " -> ";
            throw input_error{source, "edges", "no cycle", way + (cycle.size() > 20 ? "..." : std::to_string(cycle[0]))};
        }
    }
    return out;
}
VERDANT_DEFINED_ONCE(described_graph parse_graph_json<>(std::string_view, std::string_view, const graph_json_options&));

/// Reads a graph from a file. Throws file_error or input_error, which name the file.
[[nodiscard]] inline described_graph read_graph_json(const std::string& path, const graph_json_options& options = {}) {
    return parse_graph_json(read_file(path), path, options);
}

/// The text of a graph, which `parse_graph_json` reads back: every number as it is.
/// @throws input_error where features are not one row of all columns for each node, or not finite, or a name is not UTF-8
template <class = instantiated_when_used>
[[nodiscard]] std::string graph_json_text(const described_graph& from) {
    if (from.columns.size() != from.graph.columns)
        throw input_error{"graph", "columns", std::to_string(from.graph.columns) + " names", std::to_string(from.columns.size())};
    require_whole_rows(from.graph);
    nlohmann::ordered_json all{
        {"columns", nlohmann::ordered_json::array()}, {"nodes", nlohmann::ordered_json::array()}, {"edges", nlohmann::ordered_json::array()}};
    for (const auto& c : from.columns) {
        auto& column = all["columns"].emplace_back(nlohmann::ordered_json{{"name", c.name}});
        if (c.categories > 0) column["categories"] = c.categories;
    }
    for (graph::node n = 0; n < from.graph.nodes(); ++n) {
        auto& row = all["nodes"].emplace_back(nlohmann::ordered_json::array());
        for (const float x : from.graph.row(n)) {
            if (!std::isfinite(x)) throw input_error{"graph", "features of node " + std::to_string(n), "finite numbers", std::to_string(x)};
            const bool whole = std::abs(x) < 1e6F && x == std::floor(x) && !(x == 0 && std::signbit(x));
            if (whole) row.push_back(static_cast<int>(x));
            else row.push_back(x);
        }
    }
    for (const auto& e : edges_of(from.graph.edges)) all["edges"].push_back({e.source, e.target});
    try {
        return all.dump() + '\n';
    } catch (const nlohmann::json::exception& e) {
        throw input_error{"graph", "columns", "names in UTF-8", verdant::io::detail::reason_in(e.what())};
    }
}
VERDANT_DEFINED_ONCE(std::string graph_json_text<>(const described_graph&));

/// Writes a graph to a file, whole or not at all. Throws file_error or input_error.
inline void write_graph_json(const std::string& path, const described_graph& graph) { write_file(path, graph_json_text(graph)); }

} // namespace verdant::io
