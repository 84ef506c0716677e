#pragma once

// The two towers of a CLIP as units, and how a predictor of graphs scores their choices.

#include <verdant/graph/graph_batch.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces.hpp>
#include <verdant/spaces/graph/clip_graph.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>

#include <array>
#include <cstddef>
#include <vector>
namespace vd = verdant;

using space = vd::spaces::clip;

// [units]
template <>
inline constexpr std::array verdant::units_of<space>{verdant::space_unit{"text"}, verdant::space_unit{"vision"}};
// [/units]

// [towers]
// All choices of a tower, scored by the mean norm of its layers' embeddings, which training made rank models as the target does.
inline std::vector<vd::unit_module<space>> scored_towers(const vd::surrogate::graph_predictor& predict, std::size_t unit) {
    std::vector<vd::point<space>> towers(1);
    for (const auto parameter : vd::unit_parameters<space>(unit))
        for (std::size_t value = 1, before = towers.size(); value < vd::view_of<space>.domain_size(parameter); ++value)
            for (std::size_t i = 0; i < before; ++i) {
                towers.push_back(towers[i]);
                towers.back()[parameter] = static_cast<vd::point<space>::index_type>(value);
            }
    const vd::graph::graph_batch batch{vd::spaces::graphs_of<space>(towers)};
    vd::surrogate::graph_predictor::workspace w;
    std::vector<float> predicted(batch.graphs());
    predict.predict_hops(batch, predicted, w);
    const auto norms = w.nodes(predict.options().layers).norms();
    std::vector<vd::unit_module<space>> scored;
    for (std::size_t t = 0; t < towers.size(); ++t) {
        double sum = 0, layers = 0;
        for (auto node = batch.first_nodes()[t]; node < batch.first_nodes()[t + 1]; ++node)
            if (batch.features()[node * batch.columns()] == static_cast<float>(unit)) sum += norms[node], ++layers; // the first column is the tower
        scored.push_back({towers[t], sum / layers});
    }
    return scored;
}
// [/towers]
