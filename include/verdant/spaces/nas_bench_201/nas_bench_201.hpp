#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>
#include <verdant/space/value_text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The cells of NAS-Bench-201.
namespace verdant::spaces {

/// What an edge of a cell does, in the order of the published code (AutoDL-Projects, lib/models/cell_operations.py, NAS_BENCH_201).
using nas_bench_201_operations = choices<"none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3">;

/// A cell of four nodes, with an operation on each edge from an earlier node to a later one: 15 625 cells (Dong and Yang, "NAS-Bench-201: extending
/// the scope of reproducible neural architecture search", ICLR 2020). Parameters are named by the nodes of their edges and ordered as the published
/// strings are.
struct nas_bench_201
    : space<param<"0to1", nas_bench_201_operations>, param<"0to2", nas_bench_201_operations>, param<"1to2", nas_bench_201_operations>,
            param<"0to3", nas_bench_201_operations>, param<"1to3", nas_bench_201_operations>, param<"2to3", nas_bench_201_operations>> {};

/// Nodes of a cell, its input included, and edges.
inline constexpr std::size_t nas_bench_201_nodes = 4;
inline constexpr std::size_t nas_bench_201_edges = 6;

/// A cell as NAS-Bench-201 writes it: `|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|skip_connect~2|`.
[[nodiscard]] inline std::string cell_text(const point<nas_bench_201>& p) {
    std::string text;
    std::size_t edge = 0;
    for (std::size_t node = 1; node < nas_bench_201_nodes; ++node) {
        text += node == 1 ? "|" : "+|";
        for (std::size_t from = 0; from < node; ++from, ++edge)
            text += std::string{view_of<nas_bench_201>.label(edge, p[edge])} + '~' + std::to_string(from) + '|';
    }
    return text;
}

/// The cell of such a text, with nothing before or behind it.
/// @param source what errors call the text
/// @throws input_error that says at which character what was expected
[[nodiscard]] inline point<nas_bench_201> parse_cell(std::string_view text, std::string_view source = "cell") {
    constexpr const auto& space = view_of<nas_bench_201>;
    std::size_t at = 0, edge = 0;
    const auto fail = [&](const std::string& expected) {
        const auto rest = text.substr(std::min(at, text.size()), 24);
        throw input_error{source, "character " + std::to_string(at + 1), expected, rest.empty() ? "the end" : '\'' + std::string{rest} + '\''};
    };
    const auto take = [&](std::string_view expected) {
        if (!text.substr(at).starts_with(expected)) fail('\'' + std::string{expected} + '\'');
        at += expected.size();
    };
    point<nas_bench_201> p;
    for (std::size_t node = 1; node < nas_bench_201_nodes; ++node) {
        take(node == 1 ? "|" : "+|");
        for (std::size_t from = 0; from < node; ++from, ++edge) {
            const auto name = text.substr(at, text.substr(at).find_first_of("~|+"));
            const auto index = find_value(space, edge, name);
            if (index == space.domain_size(edge)) fail("one of " + domain_text(space, edge));
            p[edge] = static_cast<point<nas_bench_201>::index_type>(index);
            at += name.size();
            take("~" + std::to_string(from) + "|");
        }
    }
    if (at != text.size()) fail("the end");
    return p;
}

/// The number of a cell, from 0: its indices as digits, that of the edge from 0 to 1 first. The numbers of the published file (`arch`) are drawn at
/// random and have nothing to do with it.
[[nodiscard]] constexpr std::uint32_t cell_number(const point<nas_bench_201>& p) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < nas_bench_201_edges; ++i) number = number * static_cast<std::uint32_t>(view_of<nas_bench_201>.domain_size(i)) + p[i];
    return number;
}
/// The cell of a number. @throws input_error for one that is not below 15 625
[[nodiscard]] constexpr point<nas_bench_201> cell_of_number(std::uint32_t number, std::string_view source = "cell") {
    constexpr auto values = static_cast<std::uint32_t>(view_of<nas_bench_201>.domain_size(0));
    auto rest = number;
    point<nas_bench_201> p;
    for (auto i = nas_bench_201_edges; i > 0; --i) {
        p[i - 1] = static_cast<point<nas_bench_201>::index_type>(rest % values);
        rest /= values;
    }
    if (rest != 0) throw input_error{source, "number", "one below 15625", std::to_string(number)};
    return p;
}

/// A text that cells have in common whose networks compute the same, by what the published code knows of that (AutoDL-Projects,
/// lib/models/cell_searchs/genotypes.py, `to_unique_str` with zeros considered): an edge that skips is the node that it comes from, one of no
/// operation or from a node that is zero is zero, and the order of a node's edges does not matter. There are 6466 such texts (section 3 of the
/// paper). Zeros that are added to something else stay in the sum, as they do there, so that some cells that compute the same are told apart.
[[nodiscard]] inline std::string canonical_cell(const point<nas_bench_201>& p) {
    constexpr std::string_view zero = "#";
    std::array<std::string, nas_bench_201_nodes> nodes{"0"};
    std::size_t edge = 0;
    for (std::size_t node = 1; node < nas_bench_201_nodes; ++node) {
        std::vector<std::string> terms;
        for (std::size_t from = 0; from < node; ++from, ++edge) {
            const auto operation = view_of<nas_bench_201>.label(edge, p[edge]);
            if (operation == "none" || nodes[from] == zero) terms.emplace_back(zero);
            else if (operation == "skip_connect") terms.push_back(nodes[from]);
            else terms.push_back('(' + nodes[from] + ")@" + std::string{operation});
        }
        std::sort(terms.begin(), terms.end());
        for (std::size_t t = 0; t < terms.size(); ++t) nodes[node] += (t == 0 ? "" : "+") + terms[t];
    }
    return nodes.back();
}

} // namespace verdant::spaces
