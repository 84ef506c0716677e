#pragma once

#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>
namespace vd = verdant;
namespace surrogate = verdant::surrogate;

// Stands for training: a predictor whose numbers were chosen by hand. Kernels score 0.1, 0.2 and 0.4, a width of w scores 0.05 w.
inline surrogate::graph_predictor_weights made_by_hand() {
    surrogate::graph_predictor_weights w;
    // [options]
    w.options.features = {surrogate::category_feature("kernel", 3, 1), surrogate::number_feature("width", 1, 1)};
    w.options.layer = surrogate::graph_layer_kind::graph_conv;
    w.options.width = 2;
    w.options.layers = 2;
    w.options.targets = {"accuracy"};
    w.options.moment_units = w.options.moment_hops = 0;
    // [/options]
    const std::vector<float> one{1, 0, 0, 1};
    const std::map<std::string, std::vector<float>> numbers{{"mlp_moments", {0.7F, 0.1F}},
                                                            {"embed_layer.kernel_embed.weight", {0.1F, 0.2F, 0.4F}},
                                                            {"embed_layer.kernel_mlp.weight", {1}},
                                                            {"embed_layer.width_mlp.0.weight", {0.05F}},
                                                            {"embed_layer.width_mlp.1.weight", {1}},
                                                            {"encoder.gnn_layers.0.lin_rel.weight", {0.5F, 0, 0, 0.5F}},
                                                            {"encoder.gnn_layers.1.lin_rel.weight", {0.5F, 0, 0, 0.5F}},
                                                            {"encoder.gnn_layers.0.lin_root.weight", one},
                                                            {"encoder.gnn_layers.1.lin_root.weight", one},
                                                            {"post_proj.0.weight", one},
                                                            {"post_proj.1.weight", one},
                                                            {"post_proj.3.weight", one},
                                                            {"post_proj.4.weight", one},
                                                            {"regressor.weight", {1, 1}}};
    for (const auto& [name, outline] : surrogate::tensors_of(w.options)) {
        const bool ones = name.starts_with("encoder.bns") && (name.ends_with(".weight") || name.ends_with("running_var"));
        std::vector<float> values(*vd::io::element_count(outline.shape()), ones ? 1.0F : 0.0F);
        if (const auto known = numbers.find(name); known != numbers.end()) values = known->second;
        if (outline.type() == vd::io::dtype::i64) w.tensors.add(name, vd::io::tensor_data::of(outline.shape(), std::vector<std::int64_t>{0}));
        else w.tensors.add(name, vd::io::tensor_data::of(outline.shape(), values));
    }
    return w;
}
