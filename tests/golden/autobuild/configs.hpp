#pragma once

// What several tests of AutoBuild's numbers read: sub-networks as lists of blocks, edges as two lists.

#include "golden/golden.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace golden {

/// `[["mbconv3_e6_k5", ...], ...]`.
inline verdant::spaces::mbconv_units units_of(const json& lists, verdant::spaces::mbconv_family family) {
    verdant::spaces::mbconv_units units;
    for (const auto& list : lists) {
        auto& unit = units.emplace_back();
        for (const auto& block : list) unit.push_back(verdant::spaces::block_from_text(block.get<std::string>(), family, "golden file"));
    }
    return units;
}

/// The family that the name of a file or of a predictor has among its parts, as `pn`, `pn_2` and `models/gatv2_pn_pseudo_acc` have; OFA-MobileNetV3
/// where it has none.
inline verdant::spaces::mbconv_family autobuild_family(std::string name) {
    std::replace(name.begin(), name.end(), '/', '_');
    return ('_' + name + '_').find("_pn_") != std::string::npos ? verdant::spaces::mbconv_family::pn : verdant::spaces::mbconv_family::mbv3;
}

/// `[[sources], [targets]]`.
inline std::vector<verdant::graph::edge> edges_in(const json& index) {
    std::vector<verdant::graph::edge> edges;
    for (std::size_t i = 0; i < index.at(0).size(); ++i) edges.push_back({index.at(0).at(i), index.at(1).at(i)});
    return edges;
}

} // namespace golden
