#pragma once

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/node_column.hpp>
#include <verdant/meta/fixed_string.hpp>
#include <verdant/space/index_view.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/graph/sequence_builder.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Points as graphs: a space says once which nodes its architectures have, and `graph_of` makes the graph of any of its points.
namespace verdant::spaces {

/// A column of categories: whole numbers from 0 up to, not including, `Size`.
template <fixed_string Name, std::size_t Size>
struct category {
    static_assert(Size > 0, "verdant: a column has no category; write number<...> for one of plain numbers");
    static constexpr verdant::spaces::detail::column_record record{Name.view(), Size};
};
/// A column of plain numbers.
template <fixed_string Name>
struct number {
    static constexpr verdant::spaces::detail::column_record record{Name.view(), 0};
};
/// What the features of a node are, in their order: `category` and `number`.
template <class... Columns>
struct node_columns {
    static constexpr std::array<verdant::spaces::detail::column_record, sizeof...(Columns)> records{Columns::record...};
};

/// How a space describes its architectures as sequences of nodes. Specialise it for a space of your own:
///
///     template <>
///     struct verdant::spaces::sequence_graph<my_space> {
///         using columns = node_columns<category<"layer", 4>, category<"kernel", 3>, number<"width">>;
///         static constexpr void describe(sequence_builder& g) {
///             for (int j = 0; j < 4; ++j) g.node({g.constant(j), g.choice(parameter_name{"layer", j, ".kernel"}), g.number("width", 0, 64)});
///         }
///     };
///
/// The compiler checks that parameters exist and that no point has a category out of range. Headers beside this one describe published spaces.
template <class S>
struct sequence_graph {};

namespace detail {

template <class S>
concept has_columns = requires { spaces::sequence_graph<S>::columns::records.size(); };
template <class S>
concept has_description = requires(spaces::sequence_builder& g) { spaces::sequence_graph<S>::describe(g); };

template <std::size_t Nodes, std::size_t Columns, std::size_t Links>
struct sequence_table {
    std::array<sequence_node_record, Nodes> nodes{};
    std::array<value_record, Nodes * Columns> values{};
    std::array<link_record, Links> links{};
};

/// What a description comes to: how many nodes, and the first mistake.
template <class S>
inline constexpr auto sequence_outline = [] {
    spaces::sequence_builder g{view_of<S>, spaces::sequence_graph<S>::columns::records};
    spaces::sequence_graph<S>::describe(g);
    return g;
}();

/// A class of its own, so that its template arguments say where the mistake is.
/// @tparam Node, Column from 0
template <class S, spaces::sequence_mistake Mistake, std::size_t Node, std::size_t Column>
struct sequence_graph_check {
    using enum spaces::sequence_mistake;
    static constexpr bool nodes = Mistake != no_nodes, count = Mistake != wrong_count, parameter = Mistake != unknown_parameter, range = Mistake != out_of_range,
                          category = Mistake != number_in_category, text = Mistake != number_of_text, listed = Mistake != unlisted, ends = Mistake != unknown_node;
    static_assert(nodes, "verdant: this sequence graph has no nodes; call node({...}) in describe for each of them");
    static_assert(count, "verdant: a node of this sequence graph has not one value for each column; give as many, in the order of the columns");
    static_assert(parameter, "verdant: this sequence graph names a parameter that its space does not have; write a name of names<S>()");
    static_assert(range, "verdant: a category of this sequence graph is out of range; give its column as many categories as it can have values");
    static_assert(category, "verdant: a node of this sequence graph has a number in a column of categories; write choice(...) or position(...) for it");
    static_assert(text, "verdant: this sequence graph takes a text for a number; write choice(...) for that parameter");
    static_assert(listed, "verdant: a parameter has a value that its list in position(...) lacks; add it, to at most 16 values");
    static_assert(ends, "verdant: an edge of this sequence graph does not lead from a node to a later one; write link(from, to) behind both, with what node(...) gave");
    static constexpr bool value = true; // a false one would add errors below the first
};

template <class S>
[[nodiscard]] consteval auto make_sequence_table() {
    using description = spaces::sequence_graph<S>;
    sequence_table<sequence_outline<S>.nodes(), description::columns::records.size(), sequence_outline<S>.links()> table;
    spaces::sequence_builder g{view_of<S>, description::columns::records, table.nodes, table.values, table.links};
    description::describe(g);
    return table;
}

template <class S>
inline constexpr auto sequence_table_of = make_sequence_table<S>();

/// The graph of a point, for all spaces.
[[nodiscard]] inline graph::featured_graph sequence_at(const space_view& space, std::span<const sequence_node_record> nodes,
                                                       std::span<const value_record> values, std::span<const link_record> links, std::size_t columns,
                                                       verdant::detail::index_view indices) {
    graph::featured_graph out;
    out.columns = columns;
    out.features.reserve(values.size());
    std::vector<graph::edge> edges;
    edges.reserve(nodes.size());
    graph::node count = 0;
    constexpr auto absent = ~graph::node{0};
    std::vector<graph::node> places(links.empty() ? 0 : nodes.size(), absent);
    bool linked = false; // whether there is a node before in this chain
    for (std::size_t n = 0; n < nodes.size(); ++n) {
        const auto of = values.subspan(n * columns, columns);
        if (nodes[n].first_of_chain) linked = false;
        const auto& only = nodes[n].condition;
        bool exists = only.parameter == no_parameter ||
                      (space.active(only.parameter, indices) && number_of(space, only.parameter, indices[only.parameter]) > only.above);
        for (const auto& v : of) exists = exists && (v.parameter == no_parameter || space.active(v.parameter, indices));
        if (!exists) continue;
        for (const auto& v : of) {
            const std::size_t index = v.parameter == no_parameter ? 0 : indices[v.parameter];
            double x = v.first;
            if (v.source == value_source::index) x += static_cast<double>(index);
            if (v.source == value_source::number) x = (number_of(space, v.parameter, index) - v.first) / v.scale;
            if (v.source == value_source::listed) x = v.list[index];
            out.features.push_back(static_cast<float>(x));
        }
        if (linked) edges.push_back({count - 1, count});
        if (!links.empty()) places[n] = count;
        for (const auto& l : links)
            if (const graph::edge link{places[l.from], count}; l.to == n && link.source != absent && std::find(edges.begin(), edges.end(), link) == edges.end())
                edges.push_back(link);
        linked = true;
        ++count;
    }
    out.edges = graph::csr_graph{count, edges};
    return out;
}

} // namespace detail

/// A space whose points have graphs.
template <class S>
concept sequence_space = search_space<S> && verdant::spaces::detail::has_columns<S> && verdant::spaces::detail::has_description<S>;

namespace detail {

/// Whether a space is described, with a message where it is not.
template <class S>
struct description_check {
    static constexpr bool columns = has_columns<S>, description = has_description<S>;
    static constexpr bool either = columns || description, columns_too = columns || !description, nodes_too = description || !columns;
    static_assert(either, "verdant: nobody has described the architectures of this space as a graph; specialise verdant::spaces::sequence_graph for it, or include the "
                          "header of verdant/spaces/graph/ that does");
    static_assert(columns_too, "verdant: this sequence graph lacks its columns; write using columns = node_columns<category<...>, number<...>>");
    static_assert(nodes_too, "verdant: this sequence graph lacks its nodes; write static constexpr void describe(sequence_builder& g)");
    static constexpr bool value = true;
};

} // namespace detail

/// What the features of the graphs of a space are.
template <search_space S>
[[nodiscard]] std::vector<graph::node_column> columns_of() {
    std::vector<graph::node_column> columns;
    static_cast<void>(verdant::spaces::detail::description_check<S>::value);
    if constexpr (verdant::spaces::detail::has_columns<S>)
        for (const auto& c : sequence_graph<S>::columns::records) columns.push_back({std::string{c.name}, c.categories});
    return columns;
}

/// The graph of a point: its nodes in the order of the description, without those that do not exist at this point, an edge from each to the next of
/// its chain, and the edges of `link` between nodes that exist, each edge once.
template <search_space S>
[[nodiscard]] graph::featured_graph graph_of(const point<S>& p) {
    static_cast<void>(verdant::spaces::detail::description_check<S>::value);
    if constexpr (sequence_space<S>) {
        constexpr auto& outline = verdant::spaces::detail::sequence_outline<S>;
        static_cast<void>(verdant::spaces::detail::sequence_graph_check<S, outline.mistake(), outline.mistaken_node(), outline.mistaken_column()>::value);
        if constexpr (outline.mistake() == sequence_mistake::none) {
            constexpr auto& table = verdant::spaces::detail::sequence_table_of<S>;
            return verdant::spaces::detail::sequence_at(view_of<S>, table.nodes, table.values, table.links, sequence_graph<S>::columns::records.size(), p);
        }
    }
    return {};
}

/// The graphs of points, in their order.
template <search_space S>
[[nodiscard]] std::vector<graph::featured_graph> graphs_of(std::span<const point<S>> points) {
    std::vector<graph::featured_graph> graphs;
    graphs.reserve(points.size());
    for (const auto& p : points) graphs.push_back(verdant::spaces::graph_of(p));
    return graphs;
}

} // namespace verdant::spaces
