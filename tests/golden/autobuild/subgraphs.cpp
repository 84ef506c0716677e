// Neighbourhoods, selections of nodes, hashes of features, and pictures of graphs.

#include "golden/autobuild/configs.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/dot.hpp>
#include <verdant/graph/feature_hash.hpp>
#include <verdant/graph/neighbourhood.hpp>
#include <verdant/graph/node_selection.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace graph = verdant::graph;

namespace autobuild_subgraphs {

using picks = std::vector<std::pair<graph::node, std::vector<graph::node>>>;

inline picks found(const graph::csr_graph& g, const std::vector<graph::node>& of, std::size_t hops) {
    picks all;
    for (auto& n : graph::neighbourhoods(g, of, hops)) all.emplace_back(n.of, std::move(n.nodes));
    return all;
}

/// The number between two texts, such as 75 in `q75_h1`.
inline double number_in(const std::string& key, std::size_t begin) { return std::stod(key.substr(begin)); }

} // namespace autobuild_subgraphs

TEST_CASE("neighbourhoods, selections and hashes", "[golden]") {
    using namespace autobuild_subgraphs;
    for (const auto& f : golden::find_all("autobuild/subgraphs*.json")) {
        golden::summary rows{f.name, 0};
        for (const auto& row : golden::read_json(f.path)) {
            rows.next_row();
            const std::size_t n = row.at("n");
            const graph::csr_graph g{n, golden::edges_in(row.at("edge_index"))};
            const auto scores = row.at("scores").get<std::vector<double>>();
            for (const auto& [hops, lists] : row.at("hops").items())
                for (std::size_t i = 0; i < n; ++i)
                    rows.equal("hop " + hops + " of node " + std::to_string(i), lists.at(i).get<std::vector<graph::node>>(),
                               graph::in_neighbourhood(g, static_cast<graph::node>(i), std::stoul(hops)));
            for (const auto& [key, value] : row.items()) {
                const auto h = key.rfind("_h");
                if (h == std::string::npos || !value.is_array()) continue;
                const auto hops = static_cast<std::size_t>(number_in(key, h + 2));
                if (key.starts_with("topk")) rows.equal(key, value.get<picks>(), found(g, graph::best_nodes(scores, static_cast<std::size_t>(number_in(key, 4))), hops));
                if (key.starts_with("q")) rows.equal(key, value.get<picks>(), found(g, graph::nodes_above_quantile(scores, number_in(key, 1) / 100), hops));
                if (key.starts_with("sdev")) rows.equal(key, value.get<picks>(), found(g, graph::nodes_above_mean(scores, number_in(key, 4)), hops));
            }
            // The file has the hash of two features a node that count from 0.
            std::vector<float> features(2 * n);
            for (std::size_t i = 0; i < features.size(); ++i) features[i] = static_cast<float>(i);
            rows.equal("hash_x", row.at("hash_x").get<std::string>(), graph::feature_hash(features));
        }
    }
}

TEST_CASE("pictures of embeddings in DOT", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/dot*.json")) {
        golden::summary rows{f.name, 0};
        for (const auto& row : golden::read_json(f.path)) {
            rows.next_row();
            const auto name = row.at("arch").at(0).at(0).get<std::string>();
            const auto family = name.starts_with("mbconv2") ? verdant::spaces::mbconv_family::pn : verdant::spaces::mbconv_family::mbv3;
            const verdant::spaces::mbconv_config config{family, row.at("resolution"), golden::units_of(row.at("arch"), family)};
            const auto norms = row.at("norms").get<std::vector<double>>();
            rows.equal("dot", row.at("dot").get<std::string>(),
                       graph::dot_text(verdant::spaces::custom_graph(config).edges, verdant::spaces::block_labels(config), graph::norm_colours(norms)));
        }
    }
}
