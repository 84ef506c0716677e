#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What a graph predictor is built of.
namespace verdant::surrogate {

/// How nodes hear of the nodes before them.
enum class graph_layer_kind : std::uint8_t { gatv2_conv, gat_conv, graph_conv, gcn_conv, sage_conv };

/// How the nodes of a graph become one row.
enum class graph_readout : std::uint8_t { mean, sum, max };

/// What stands behind a layer: max(x, 0), or the same with a slope of 0.01 below 0.
enum class graph_activation : std::uint8_t { relu, leaky_relu };

/// The slope of leaky_relu below 0.
inline constexpr double leaky_slope = 0.01;

/// The names of PyTorch-Geometric, by which the originals' files call the layers.
inline constexpr std::array<std::string_view, 5> graph_layer_names{"GATv2Conv", "GATConv", "GraphConv", "GCNConv", "SAGEConv"};
/// The names of readouts in the originals' files; `add` is understood as `sum`.
inline constexpr std::array<std::string_view, 3> graph_readout_names{"mean", "sum", "max"};
/// The names of PyTorch for activations.
inline constexpr std::array<std::string_view, 2> graph_activation_names{"ReLU", "LeakyReLU"};

/// The name of an option's value in the originals' files.
[[nodiscard]] constexpr std::string_view name_of(graph_layer_kind kind) { return graph_layer_names[static_cast<std::size_t>(kind)]; }
[[nodiscard]] constexpr std::string_view name_of(graph_readout readout) { return graph_readout_names[static_cast<std::size_t>(readout)]; }
[[nodiscard]] constexpr std::string_view name_of(graph_activation activation) { return graph_activation_names[static_cast<std::size_t>(activation)]; }

/// A graph predictor as AutoBuild has it (Mills et al., CVPR 2024; AutoBuild: ge_utils/model.py): features of nodes are embedded one by one (hop 0),
/// `layers` graph layers with batch normalisation give the embeddings of hops 1, 2, ..., a readout makes a graph of its nodes, and a head of five
/// linear layers predicts. The defaults are those of its program of training.
struct graph_predictor_options {
    std::vector<graph_feature> features = custom_features();
    graph_layer_kind layer = graph_layer_kind::gatv2_conv;
    std::size_t width = 32; ///< of embeddings of nodes and graphs above hop 0
    std::size_t layers = 4;
    graph_readout readout = graph_readout::mean;
    graph_activation activation = graph_activation::relu;      ///< behind a graph layer
    graph_activation head_activation = graph_activation::relu; ///< before the last linear layer
    bool residual = true;                                      ///< each layer but the first adds its input to what it gives
    bool undirected = false;                                   ///< graphs have each edge in both directions
    double norm = 1;                                           ///< the p of the norms of embeddings that tell importance
    std::vector<std::string> targets = {"acc"};                ///< one a predicted number
    std::size_t moment_units = 5; ///< units of the table of moments by unit and hop; 0 where the predictor has none, as those of graphs of operators
    std::size_t moment_hops = 4;  ///< hops of that table: 4 for OFA-MobileNetV3, 5 for OFA-ProxylessNAS

    [[nodiscard]] std::size_t outputs() const noexcept { return targets.size(); }
    /// Embeddings of a node at hop 0: one number a feature.
    [[nodiscard]] std::size_t embedded() const noexcept { return features.size(); }

    friend bool operator==(const graph_predictor_options&, const graph_predictor_options&) = default;
};

/// @param source the file or program that they come from, for the message
/// @throws input_error where no predictor can be built of these options
template <class = instantiated_when_used>
void check_options(const graph_predictor_options& o, std::string_view source = "graph predictor") {
    const auto count = [&](std::string_view what, std::size_t value, std::size_t most) {
        if (value < 1 || value > most) throw input_error{source, what, "a number from 1 to " + std::to_string(most), std::to_string(value)};
    };
    count("features", o.features.size(), 256);
    count("gnn_dim", o.width, 8192);
    count("num_layers", o.layers, 64);
    count("targets", o.outputs(), 256);
    for (const auto& f : o.features) {
        const auto what = "feature " + f.name;
        count(what + ", width", f.width, 4096);
        count(what + ", columns", f.columns, f.categories > 0 ? 1 : 4096);
        if (f.categories > 0) count(what + ", categories", f.categories, 1000000);
        if (f.embedding.empty() || f.projection.empty() || f.embedding == f.projection)
            throw input_error{source, what, "two different names of tensors", '\'' + f.embedding + "' and '" + f.projection + '\''};
        if (!f.observed.empty() && f.categories == 0) throw input_error{source, what, "categories to be counted", "numbers"};
    }
    if (!(o.norm >= 1) || !std::isfinite(o.norm)) throw input_error{source, "norm", "a finite p of at least 1", std::to_string(o.norm)};
    if ((o.moment_units == 0) != (o.moment_hops == 0) || o.moment_units > 4096 || o.moment_hops > 4096)
        throw input_error{source, "moments", "units and hops from 1 to 4096, or none of both",
                          std::to_string(o.moment_units) + " units and " + std::to_string(o.moment_hops) + " hops"};
}
VERDANT_DEFINED_ONCE(void check_options<>(const graph_predictor_options&, std::string_view));

} // namespace verdant::surrogate
