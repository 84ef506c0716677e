#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Graph predictors in files, under the names of AutoBuild: tensors in safetensors or a checkpoint of PyTorch, options in JSON beside it.
namespace verdant::surrogate {

/// The settings of AutoBuild's programs of training (train_predictor.py) that change nothing in a trained predictor; files of options may hold them.
inline constexpr std::array<std::string_view, 22> graph_training_settings{
    "families", "seed", "chkpt", "corr_lambda", "corr_metric", "epochs_predictor", "epochs_explainer", "batch_size", "tag", "plots", "lr",
    "weight_decay", "clip", "dropout", "device", "data", "test", "epochs", "save", "workers", "split", "note"};

namespace detail {

/// The members of an object that say what a predictor is built of.
inline constexpr std::array<std::string_view, 12> graph_option_names{"gnn_type", "target", "format", "features", "gnn_dim", "num_layers", "aggr_method",
                                                                     "gnn_activ", "reg_activ", "residual", "norm", "undirected"};

/// Reads members of one object, each checked for its kind.
class option_reader {
public:
    option_reader(const nlohmann::json& object, std::string_view source, std::string where) : object_{object}, source_{source}, where_{std::move(where)} {
        if (!object.is_object()) fail("", "an object", object.dump());
    }
    [[nodiscard]] const nlohmann::json* find(const char* name) const {
        const auto found = object_.find(name);
        return found == object_.end() ? nullptr : &*found;
    }
    void whole(const char* name, std::size_t& value) const {
        if (const auto* const found = find(name)) {
            if (!found->is_number_unsigned()) fail(name, "a whole number of at least 0", found->dump());
            value = found->get<std::size_t>();
        }
    }
    void number(const char* name, double& value) const {
        if (const auto* const found = find(name)) {
            if (!found->is_number()) fail(name, "a number", found->dump());
            value = found->get<double>();
        }
    }
    void flag(const char* name, bool& value) const {
        if (const auto* const found = find(name)) {
            if (!found->is_boolean()) fail(name, "true or false", found->dump());
            value = found->get<bool>();
        }
    }
    void text(const char* name, std::string& value) const {
        if (const auto* const found = find(name)) value = text_of(name, *found);
    }
    [[nodiscard]] std::string text_of(const char* name, const nlohmann::json& value) const {
        if (!value.is_string()) fail(name, "a text", value.dump());
        return value.get<std::string>();
    }
    template <class Enum, std::size_t N>
    void choice(const char* name, const std::array<std::string_view, N>& names, Enum& value) const {
        if (find(name) == nullptr) return;
        auto written = text_of(name, *find(name));
        if (written == "add" && std::string_view{name} == "aggr_method") written = "sum";
        for (std::size_t i = 0; i < N; ++i)
            if (names[i] == written) {
                value = static_cast<Enum>(i);
                return;
            }
        fail(name, "one of " + io::name_list(names), '\'' + written + '\'' + io::did_you_mean(written, names));
    }
    [[noreturn]] void fail(const std::string& name, const std::string& expected, const std::string& found) const {
        throw input_error{source_, where_ + name, expected, found};
    }

private:
    const nlohmann::json& object_;
    std::string_view source_;
    std::string where_;
};

inline std::vector<graph_feature> features_from(const option_reader& options, const nlohmann::json& list, std::string_view source) {
    if (!list.is_array()) options.fail("features", "a list of features", list.dump());
    std::vector<graph_feature> out;
    for (const auto& one : list) {
        const auto where = "features[" + std::to_string(out.size()) + "].";
        const option_reader reader{one, source, where};
        io::check_members(one, source, where, std::array{"name", "embedding", "projection", "columns", "categories", "width", "observed"});
        auto& f = out.emplace_back();
        reader.text("name", f.name);
        f.embedding = f.name + "_embed";
        f.projection = f.name + "_mlp";
        reader.text("embedding", f.embedding);
        reader.text("projection", f.projection);
        reader.whole("columns", f.columns);
        reader.whole("categories", f.categories);
        reader.whole("width", f.width);
        reader.text("observed", f.observed);
    }
    return out;
}

} // namespace detail

/// Options from the JSON of AutoBuild's configuration: `gnn_type`, `gnn_dim`, `num_layers`, `aggr_method`, `gnn_activ`, `reg_activ`, `residual`,
/// `norm`, `undirected`, `target` (a text, or a list for several outputs), and `format`: `custom`, `onnx_ir`, or `features` with a list `features` of
/// a user's own. What is missing has its default; `graph_training_settings` are passed over. The table of moments is that of format `custom` with 5
/// units of 4 hops, and none for other formats; `read_graph_predictor` takes it as the tensors have it.
/// @param source what errors call the text
/// @throws input_error that names the member
template <class = instantiated_when_used>
[[nodiscard]] graph_predictor_options graph_options_from(const nlohmann::json& object, std::string_view source) {
    graph_predictor_options o;
    const detail::option_reader reader{object, source, ""};
    std::vector<std::string_view> known{detail::graph_option_names.begin(), detail::graph_option_names.end()};
    known.insert(known.end(), graph_training_settings.begin(), graph_training_settings.end());
    io::check_members(object, source, "", known);
    reader.choice("gnn_type", graph_layer_names, o.layer);
    reader.choice("aggr_method", graph_readout_names, o.readout);
    reader.choice("gnn_activ", graph_activation_names, o.activation);
    reader.choice("reg_activ", graph_activation_names, o.head_activation);
    reader.whole("gnn_dim", o.width);
    reader.whole("num_layers", o.layers);
    reader.flag("residual", o.residual);
    reader.flag("undirected", o.undirected);
    reader.number("norm", o.norm);
    if (const auto* const target = reader.find("target"); target != nullptr && target->is_array()) {
        o.targets.clear();
        for (const auto& one : *target) o.targets.push_back(reader.text_of("target", one));
    } else reader.text("target", o.targets.front());
    std::string format = "custom";
    reader.text("format", format);
    const auto* const features = reader.find("features");
    if ((features != nullptr) != (format == "features"))
        reader.fail("features", "a list of features where the format is 'features', and none elsewhere", "format '" + format + '\'');
    if (format == "features") o.features = detail::features_from(reader, *features, source);
    else if (format == "onnx_ir") o.features = onnx_ir_features();
    else if (format != "custom") reader.fail("format", "'custom', 'onnx_ir' or 'features'", '\'' + format + '\'');
    if (format != "custom") o.moment_units = o.moment_hops = 0;
    check_options(o, source);
    return o;
}
VERDANT_DEFINED_ONCE(graph_predictor_options graph_options_from<>(const nlohmann::json&, std::string_view));

/// The JSON of options, which `graph_options_from` reads.
template <class Json = nlohmann::ordered_json>
[[nodiscard]] Json graph_options_json(const graph_predictor_options& o) {
    Json out;
    out["gnn_type"] = name_of(o.layer);
    if (o.outputs() == 1) out["target"] = o.targets.front();
    else out["target"] = o.targets;
    out["format"] = o.features == custom_features() ? "custom" : o.features == onnx_ir_features() ? "onnx_ir" : "features";
    out["gnn_dim"] = o.width;
    out["num_layers"] = o.layers;
    out["aggr_method"] = name_of(o.readout);
    out["gnn_activ"] = name_of(o.activation);
    out["reg_activ"] = name_of(o.head_activation);
    out["residual"] = o.residual;
    out["norm"] = o.norm;
    out["undirected"] = o.undirected;
    if (out["format"] == "features")
        for (const auto& f : o.features) {
            Json one{{"name", f.name}, {"embedding", f.embedding}, {"projection", f.projection}, {"columns", f.columns}, {"categories", f.categories}, {"width", f.width}};
            if (!f.observed.empty()) one["observed"] = f.observed;
            out["features"].push_back(std::move(one));
        }
    return out;
}
VERDANT_DEFINED_ONCE(nlohmann::ordered_json graph_options_json<>(const graph_predictor_options&));

/// A predictor of tensors and options that are at hand: the table of moments is taken as the tensors have it, then everything is checked.
/// @throws input_error that names the tensor
template <class = instantiated_when_used>
[[nodiscard]] graph_predictor_weights graph_weights_of(graph_predictor_options options, io::named_tensors tensors) {
    const auto* const moments = tensors.find("embed_layer.moment_tsr");
    options.moment_units = options.moment_hops = 0;
    if (moments != nullptr) {
        const auto& shape = moments->shape();
        if (shape.size() != 3 || shape[2] != 2 || shape[0] == 0 || shape[1] == 0)
            throw input_error{tensors.source_name(), "tensor embed_layer.moment_tsr", "shape [units, hops, 2]", io::shape_text(shape)};
        options.moment_units = shape[0];
        options.moment_hops = shape[1];
    }
    graph_predictor_weights out{std::move(options), std::move(tensors)};
    check_weights(out);
    return out;
}
VERDANT_DEFINED_ONCE(graph_predictor_weights graph_weights_of<>(graph_predictor_options, io::named_tensors));

/// Where the options of a checkpoint stand: `NAME.json` beside `NAME.pt` or `NAME.safetensors`.
[[nodiscard]] inline std::string graph_options_path(const std::string& checkpoint) {
    for (const std::string_view ending : {".safetensors", ".pt", ".pth"})
        if (checkpoint.ends_with(ending)) return checkpoint.substr(0, checkpoint.size() - ending.size()) + ".json";
    return checkpoint + ".json";
}

/// A predictor of tensors that were read from a checkpoint, such as `read_graph_predictor(path, io::read_tensors(path))` with
/// <verdant/io/torch/tensor_file.hpp> for those of PyTorch. Its options come from the JSON beside the checkpoint, which has them as its member
/// `train_config` or is that object itself. Every tensor and option is used or refused by its name.
/// @throws file_error, or input_error that names the file and what is wrong there
template <class = instantiated_when_used>
[[nodiscard]] graph_predictor_weights read_graph_predictor(const std::string& checkpoint, io::named_tensors tensors) {
    const auto path = graph_options_path(checkpoint);
    const auto text = io::read_json(path);
    const bool within = text.is_object() && text.contains("train_config");
    return graph_weights_of(graph_options_from(within ? text["train_config"] : text, path), std::move(tensors));
}
VERDANT_DEFINED_ONCE(graph_predictor_weights read_graph_predictor<>(const std::string&, io::named_tensors));

/// The same of a safetensors file.
template <class = instantiated_when_used>
[[nodiscard]] graph_predictor_weights read_graph_predictor(const std::string& safetensors) {
    return read_graph_predictor(safetensors, io::read_safetensors(safetensors));
}
VERDANT_DEFINED_ONCE(graph_predictor_weights read_graph_predictor<>(const std::string&));

/// Writes the options of a checkpoint into the JSON beside it, whole or not at all. Throws file_error.
/// @param settings members that stand before the options, of `graph_training_settings`
template <class = instantiated_when_used>
void write_graph_options(const std::string& checkpoint, const graph_predictor_options& o, nlohmann::ordered_json settings = nlohmann::ordered_json::object()) {
    settings.update(graph_options_json(o));
    io::write_json(graph_options_path(checkpoint), nlohmann::ordered_json{{"train_config", std::move(settings)}});
}
VERDANT_DEFINED_ONCE(void write_graph_options<>(const std::string&, const graph_predictor_options&, nlohmann::ordered_json));

/// Writes a predictor: `NAME.safetensors`, and `NAME.json` beside it. For PyTorch call `io::write_torch(path, w.tensors)` and `write_graph_options`.
/// @throws file_error, or input_error where the weights are not those of the options
template <class = instantiated_when_used>
void write_graph_predictor(const std::string& safetensors, const graph_predictor_weights& w,
                           nlohmann::ordered_json settings = nlohmann::ordered_json::object()) {
    check_weights(w);
    write_graph_options(safetensors, w.options, std::move(settings));
    io::write_safetensors(safetensors, w.tensors);
}
VERDANT_DEFINED_ONCE(void write_graph_predictor<>(const std::string&, const graph_predictor_weights&, nlohmann::ordered_json));

} // namespace verdant::surrogate
