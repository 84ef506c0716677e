#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/node_column.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdant::surrogate {

/// A feature of nodes, which a graph predictor embeds on its own and projects to one number: the score of the feature before any message is passed.
/// Its columns stand in a row of features behind those of the features before it.
struct graph_feature {
    std::string name;           ///< for people: `stage`
    std::string embedding;      ///< what the names of the embedding's tensors begin with, below `embed_layer.`: `stage_embed`
    std::string projection;     ///< the same of the projection: `stage_mlp`
    std::size_t columns = 1;    ///< 1 where there are categories
    std::size_t categories = 0; ///< the column holds whole numbers from 0 to categories - 1; with 0 categories, columns are numbers
    std::size_t width = 3;      ///< of the embedding: a table of categories, or a linear layer over columns that are numbers
    std::string observed;       ///< name of the tensor that counts which categories were met; empty where none does

    friend bool operator==(const graph_feature&, const graph_feature&) = default;
};

/// The six features of sequence graphs of mobile blocks (AutoBuild: ge_utils/custom_embeds.py, format `custom`): stage, layer, kind of block,
/// expansion, kernel, and the resolution, which is a number.
[[nodiscard]] inline std::vector<graph_feature> custom_features() {
    return {{"stage", "stage_embed", "stage_mlp", 1, 6, 3, ""},   {"layer", "block_embed", "block_mlp", 1, 4, 2, ""},
            {"mbconv", "mbconv_embed", "mbconv_mlp", 1, 2, 2, ""}, {"expand", "exp_embed", "exp_mlp", 1, 3, 2, ""},
            {"kernel", "kernel_embed", "kernel_mlp", 1, 3, 3, ""}, {"resolution", "res_mlp.0", "res_mlp.1", 1, 0, 3, ""}};
}

/// The features of graphs of operators (AutoBuild: onnx_ir/, format `onnx_ir`): the operator, shapes of inputs and outputs, attributes.
[[nodiscard]] inline std::vector<graph_feature> onnx_ir_features() {
    return {{"op", "op_embed_layer", "op_mlp", 1, 90, 8, "obs_observed"},
            {"shape", "shape_embed_layer", "shape_mlp", 12, 0, 8, ""},
            {"attribute", "attr_embed_layer", "attr_mlp", 9, 0, 8, ""}};
}

/// A category of a user's space under the usual names: `NAME_embed.weight`, `NAME_mlp.weight` and `.bias`.
[[nodiscard]] inline graph_feature category_feature(const std::string& name, std::size_t categories, std::size_t width = 3) {
    return {name, name + "_embed", name + "_mlp", 1, categories, width, ""};
}

/// Numbers of a user's space under the usual names: `NAME_mlp.0.weight` and `.bias`, `NAME_mlp.1.weight` and `.bias`.
[[nodiscard]] inline graph_feature number_feature(const std::string& name, std::size_t columns = 1, std::size_t width = 3) {
    return {name, name + "_mlp.0", name + "_mlp.1", columns, 0, width, ""};
}

/// Features of the columns that nodes of a space's graphs have: those of format `custom` where names and categories are theirs, else features under
/// the usual names.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<graph_feature> features_of(std::span<const graph::node_column> columns) {
    std::vector<graph_feature> out;
    for (const auto& c : columns) out.push_back(c.categories > 0 ? category_feature(c.name, c.categories) : number_feature(c.name));
    auto custom = custom_features();
    bool same = custom.size() == out.size();
    for (std::size_t i = 0; same && i < out.size(); ++i) same = custom[i].name == out[i].name && custom[i].categories == out[i].categories;
    return same ? custom : out;
}
VERDANT_DEFINED_ONCE(std::vector<graph_feature> features_of<>(std::span<const graph::node_column>));

/// Refuses a predictor of other features than the nodes of some graphs have: another number of columns, numbers for categories, or more categories
/// than it knows.
/// @throws input_error that names the column
template <class = instantiated_when_used>
void require_features_for(const std::vector<graph_feature>& features, std::span<const graph::node_column> columns, std::string_view source) {
    std::size_t at = 0;
    for (const auto& f : features)
        for (std::size_t c = 0; c < f.columns; ++c, ++at) {
            const auto text = [](std::size_t categories) { return categories == 0 ? std::string{"numbers"} : std::to_string(categories) + " categories"; };
            if (at >= columns.size()) throw input_error{source, "feature " + f.name, "a column of nodes for it", std::to_string(columns.size()) + " columns in all"};
            if ((f.categories == 0) != (columns[at].categories == 0) || columns[at].categories > f.categories)
                throw input_error{source, "column " + columns[at].name, text(f.categories) + ", as feature " + f.name + " of the predictor has", text(columns[at].categories)};
        }
    if (at < columns.size()) throw input_error{source, "column " + columns[at].name, "a feature of the predictor for it", std::to_string(at) + " columns in all"};
}
VERDANT_DEFINED_ONCE(void require_features_for<>(const std::vector<graph_feature>&, std::span<const graph::node_column>, std::string_view));

/// Columns of all features together.
[[nodiscard]] inline std::size_t columns_of(const std::vector<graph_feature>& features) {
    std::size_t sum = 0;
    for (const auto& f : features) sum += f.columns;
    return sum;
}

} // namespace verdant::surrogate
