#pragma once

// Weights of a graph predictor that were never trained, for tests.

#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

inline verdant::surrogate::graph_predictor_weights drawn_weights(const verdant::surrogate::graph_predictor_options& options, std::uint64_t seed) {
    using namespace verdant;
    surrogate::graph_predictor_weights out{options, io::named_tensors{"drawn weights"}};
    random_stream random{seed};
    for (const auto& [name, outline] : surrogate::tensors_of(options)) {
        const auto& shape = outline.shape();
        if (outline.type() == io::dtype::i64) {
            out.tensors.add(name, io::tensor_data::of(shape, std::vector<std::int64_t>{7}));
            continue;
        }
        std::vector<float> values(*io::element_count(shape));
        const double scale = shape.size() == 2 ? 1 / std::sqrt(static_cast<double>(shape[1])) : 0.5;
        for (auto& v : values) v = static_cast<float>(scale * (2 * random.uniform() - 1));
        if (name.ends_with("running_var") || name == "mlp_moments" || name == "hop_moments" || name == "embed_layer.moment_tsr")
            for (auto& v : values) v = 0.5F + std::abs(v);
        if (name.ends_with("lin_dst.weight")) out.tensors.add(name, out.tensors.at(name.substr(0, name.size() - 10) + "src.weight"));
        else out.tensors.add(name, io::tensor_data::of(shape, values));
    }
    return out;
}
