#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// AutoBuild's graph of a sub-network, its format `custom` (AutoBuild: ge_utils/torch_geo_data.py): a node for each block in order.
namespace verdant::spaces {

/// The features of a node, in this order. All but the resolution are categories.
inline constexpr std::array<std::string_view, 6> custom_columns{"stage", "layer", "mbconv", "expand", "kernel", "resolution"};

/// How a sub-network becomes a graph.
struct custom_graph_options {
    std::size_t unit = 0;    ///< number of the first unit: for a module that of its unit, from 0
    std::size_t layer = 0;   ///< added to the place of each block in its unit, where `unit` is 0, as in the original
    bool undirected = false; ///< an edge back behind each edge
};

/// The graph of units of blocks: nodes in order, an edge from each to the next, and six features: number of the unit, place in it, digit of the
/// block's name less 2, place of expansion and kernel in their lists, (resolution - 192) / 32.
/// @throws input_error for blocks that no sub-network has
[[nodiscard]] inline graph::featured_graph custom_graph(mbconv_family family, const mbconv_units& units, int resolution, const custom_graph_options& o = {}) {
    graph::featured_graph out;
    out.columns = custom_columns.size();
    std::size_t nodes = 0;
    for (const auto& unit : units) nodes += unit.size();
    out.features.reserve(nodes * out.columns);
    for (std::size_t u = 0; u < units.size(); ++u)
        for (std::size_t j = 0; j < units[u].size(); ++j) {
            const auto& block = units[u][j];
            require_known_block(block, "graph of a sub-network", verdant::spaces::detail::place_of_block("", u, j));
            const std::size_t values[] = {u + o.unit, o.unit == 0 ? j + o.layer : j, static_cast<std::size_t>(mbconv_digit(family) - 2),
                                          static_cast<std::size_t>(block.expand == 6 ? 2 : block.expand - 3), static_cast<std::size_t>(block.kernel / 2 - 1)};
            for (const auto value : values) out.features.push_back(static_cast<float>(value));
            out.features.push_back(static_cast<float>(resolution - 192) / 32);
        }
    std::vector<graph::edge> edges;
    edges.reserve(o.undirected ? 2 * nodes : nodes);
    for (graph::node n = 1; n < nodes; ++n) {
        edges.push_back({n - 1, n});
        if (o.undirected) edges.push_back({n, n - 1});
    }
    out.edges = graph::csr_graph{nodes, edges};
    return out;
}
/// The graph of a sub-network.
[[nodiscard]] inline graph::featured_graph custom_graph(const mbconv_config& config, const custom_graph_options& o = {}) {
    return custom_graph(config.family, config.units, config.resolution, o);
}

/// What pictures call the nodes of a sub-network: `1-2_mbconv3_e6_k5_224`, unit and place in it from 1, block, resolution.
[[nodiscard]] inline std::vector<std::string> block_labels(const mbconv_config& config) {
    std::vector<std::string> labels;
    for (std::size_t u = 0; u < config.units.size(); ++u)
        for (std::size_t j = 0; j < config.units[u].size(); ++j)
            labels.push_back(std::to_string(u + 1) + '-' + std::to_string(j + 1) + '_' + block_text(config.family, config.units[u][j]) + '_' +
                             std::to_string(config.resolution));
    return labels;
}

/// The graph of a module: the blocks of one unit, as they are in a whole network. The last block of unit 5 of ProxylessNAS with 3 blocks or more is
/// that of unit 6: give it as a second list.
/// @param unit from 1, as AutoBuild counts
/// @throws input_error for a unit that the family does not have
[[nodiscard]] inline graph::featured_graph module_graph(mbconv_family family, const mbconv_units& blocks, std::size_t unit, int resolution = 224) {
    if (unit < 1 || unit - 1 + blocks.size() > unit_count(family))
        throw input_error{"module", "unit", "1 to " + std::to_string(unit_count(family)), std::to_string(unit)};
    return custom_graph(family, blocks, resolution, {.unit = unit - 1});
}

} // namespace verdant::spaces
