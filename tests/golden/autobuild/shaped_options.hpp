#pragma once

// Options of a graph predictor that has no JSON beside it.

#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace golden {

/// What the names and shapes of a checkpoint tell: kind, width and number of layers, sizes of features, moments, outputs. What they cannot tell
/// (readout, activations, residuals) is that of the original's program of training. Where they contradict each other, whoever builds the predictor
/// says so.
inline verdant::surrogate::graph_predictor_options shaped_options(const verdant::io::named_tensors& tensors,
                                                                  std::vector<verdant::surrogate::graph_feature> features) {
    using verdant::surrogate::graph_layer_kind;
    verdant::surrogate::graph_predictor_options o;
    const std::string embed = "embed_layer.", layers = "encoder.gnn_layers.";
    for (auto& f : features) {
        const auto& shape = tensors.at(embed + f.embedding + ".weight").shape();
        if (f.categories > 0) f.categories = shape.at(0);
        else f.columns = shape.at(1);
        f.width = shape.at(f.categories > 0 ? 1 : 0);
    }
    o.features = std::move(features);
    const auto has = [&](const std::string& name) { return tensors.find(layers + "0." + name) != nullptr; };
    o.layer = has("att")              ? graph_layer_kind::gatv2_conv
              : has("att_src")        ? graph_layer_kind::gat_conv
              : has("lin_rel.weight") ? graph_layer_kind::graph_conv
              : has("lin_l.weight")   ? graph_layer_kind::sage_conv
                                      : graph_layer_kind::gcn_conv;
    o.layers = 0;
    for (const auto& [name, value] : tensors)
        if (name.starts_with("encoder.bns.") && name.ends_with(".running_var")) ++o.layers;
    const auto& last = tensors.at("regressor.weight").shape();
    o.targets.resize(last.at(0), o.targets.front());
    o.width = last.at(1);
    const auto* const moments = tensors.find(embed + "moment_tsr");
    o.moment_units = moments == nullptr ? 0 : moments->shape().at(0);
    o.moment_hops = moments == nullptr ? 0 : moments->shape().at(1);
    return o;
}

} // namespace golden
