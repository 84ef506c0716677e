#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/finite_tensors.hpp>
#include <verdant/io/weights/tensor_naming.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/text/closest_name.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// A trained graph predictor as a value, and the names of its tensors.
namespace verdant::surrogate {

/// Options and tensors of a trained graph predictor: what a checkpoint holds, and what programs of training and of prediction hand to each other.
struct graph_predictor_weights {
    graph_predictor_options options;
    /// Those of `tensors_of(options)`, by the names that AutoBuild's checkpoints have.
    io::named_tensors tensors;

    friend bool operator==(const graph_predictor_weights&, const graph_predictor_weights&) = default;
};

namespace detail {

/// Adds what linear layers, norms and graph layers have, one after another.
class graph_tensor_list {
public:
    void add(const std::string& name, io::tensor_shape shape, io::dtype type = io::dtype::f32) { list_.add(name, {type, std::move(shape)}); }
    void weight(const std::string& name, std::size_t outputs, std::size_t inputs) { add(name + ".weight", {outputs, inputs}); }
    void linear(const std::string& name, std::size_t outputs, std::size_t inputs) {
        weight(name, outputs, inputs);
        add(name + ".bias", {outputs});
    }
    void batch_norm(const std::string& name, std::size_t width) {
        for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) add(name + part, {width});
        add(name + ".num_batches_tracked", {}, io::dtype::i64);
    }
    /// A layer of one head, with the options that PyTorch-Geometric gives one that is made of numbers of inputs and outputs alone.
    void layer(const std::string& name, graph_layer_kind kind, std::size_t outputs, std::size_t inputs) {
        switch (kind) {
        case graph_layer_kind::gatv2_conv:
            add(name + ".att", {1, 1, outputs});
            add(name + ".bias", {outputs});
            linear(name + ".lin_l", outputs, inputs);
            linear(name + ".lin_r", outputs, inputs);
            break;
        case graph_layer_kind::gat_conv:
            add(name + ".att_src", {1, 1, outputs});
            add(name + ".att_dst", {1, 1, outputs});
            add(name + ".bias", {outputs});
            weight(name + ".lin_src", outputs, inputs);
            weight(name + ".lin_dst", outputs, inputs); // the same tensor under a second name
            break;
        case graph_layer_kind::graph_conv:
            linear(name + ".lin_rel", outputs, inputs);
            weight(name + ".lin_root", outputs, inputs);
            break;
        case graph_layer_kind::gcn_conv:
            add(name + ".bias", {outputs});
            weight(name + ".lin", outputs, inputs);
            break;
        case graph_layer_kind::sage_conv:
            linear(name + ".lin_l", outputs, inputs);
            weight(name + ".lin_r", outputs, inputs);
            break;
        }
    }
    [[nodiscard]] io::named_shapes take() && { return std::move(list_); }

private:
    io::named_shapes list_{"graph predictor"};
};

} // namespace detail

/// Names, shapes and element types of all tensors of a predictor, in the order of AutoBuild's checkpoints (PyTorch's `state_dict`):
///
/// - `hop_moments` [2, layers + 1]: mean and standard deviation of the norms of nodes at each hop; `mlp_moments` [2]: those of the target;
///   `test_metrics` [3]: MAE, MAPE as a fraction and rank correlation on the test part. With several outputs the last two are [2, outputs] and [3,
/// outputs];
/// - `embed_layer.`: `moment_tsr` [units, hops, 2], mean and standard deviation of the first target by unit and hop; `FEATURE_embed.weight`, ...;
/// - `encoder.`: `gnn_layers.N.`, `init_ff.` (which nothing uses), `bns.N.module.`;
/// - `post_proj.` 0, 1, 3 and 4, and `regressor.`.
///
/// @throws input_error where no predictor can be built of the options
template <class = instantiated_when_used>
[[nodiscard]] io::named_shapes tensors_of(const graph_predictor_options& o) {
    check_options(o);
    detail::graph_tensor_list list;
    list.add("hop_moments", {2, o.layers + 1});
    list.add("mlp_moments", o.outputs() == 1 ? io::tensor_shape{2} : io::tensor_shape{2, o.outputs()});
    list.add("test_metrics", o.outputs() == 1 ? io::tensor_shape{3} : io::tensor_shape{3, o.outputs()});
    const std::string embed = "embed_layer.", encoder = "encoder.";
    if (o.moment_units > 0) list.add(embed + "moment_tsr", {o.moment_units, o.moment_hops, 2});
    for (const auto& f : o.features)
        if (!f.observed.empty()) list.add(embed + f.observed, {f.categories});
    for (const auto& f : o.features) {
        if (f.categories > 0) list.weight(embed + f.embedding, f.categories, f.width);
        else list.linear(embed + f.embedding, f.width, f.columns);
        list.linear(embed + f.projection, 1, f.width);
    }
    for (std::size_t l = 0; l < o.layers; ++l) list.layer(encoder + "gnn_layers." + std::to_string(l), o.layer, o.width, l == 0 ? o.embedded() : o.width);
    list.linear(encoder + "init_ff", o.embedded(), 2 * o.embedded());
    for (std::size_t l = 0; l < o.layers; ++l) list.batch_norm(encoder + "bns." + std::to_string(l) + ".module", o.width);
    for (const char* part : {"post_proj.0", "post_proj.1", "post_proj.3", "post_proj.4"}) list.linear(part, o.width, o.width);
    list.linear("regressor", o.outputs(), o.width);
    return std::move(list).take();
}
VERDANT_DEFINED_ONCE(io::named_shapes tensors_of<>(const graph_predictor_options&));

/// Refuses tensors that are not exactly those of the options: a missing one, another shape, whole numbers for fractions, an infinity or what is not a
/// number, a variance below 0, and a tensor that nothing would read. `test_metrics` alone may hold infinities, as those of a predictor that was never
/// tested do.
/// @throws input_error that names the file and the tensor
template <class = instantiated_when_used>
void check_weights(const graph_predictor_weights& w) {
    const auto wanted = tensors_of(w.options);
    const auto source = w.tensors.source_name().empty() ? std::string{"graph predictor"} : w.tensors.source_name();
    std::vector<std::string> names, missing;
    for (const auto& [name, outline] : wanted) {
        names.push_back(name);
        const auto* const found = w.tensors.find(name);
        if (found == nullptr) {
            missing.push_back(name);
            continue;
        }
        if (found->shape() != outline.shape())
            throw input_error{source, "tensor " + name, "shape " + io::shape_text(outline.shape()), io::shape_text(found->shape())};
        if (io::is_floating(found->type()) != io::is_floating(outline.type()))
            throw input_error{source, "tensor " + name, io::is_floating(outline.type()) ? "fractions" : "whole numbers",
                              "elements of type " + std::string{io::name_of(found->type())}};
        if (name != "test_metrics" && !io::is_finite(*found)) throw input_error{source, "tensor " + name, "finite numbers", "an infinity or what is not a number"};
        if (name.ends_with("running_var"))
            for (const float v : found->template to<float>())
                if (v < 0) throw input_error{source, "tensor " + name, "variances of at least 0", std::to_string(v)};
    }
    if (!missing.empty()) throw io::missing_tensors(w.tensors, missing);
    for (const auto& [name, value] : w.tensors)
        if (wanted.find(name) == nullptr)
            throw input_error{source, "tensor " + name, "one of the " + std::to_string(names.size()) + " tensors of a predictor of " +
                              std::to_string(w.options.layers) + " layers " + std::string{name_of(w.options.layer)},
                              "another" + io::did_you_mean(name, names)};
    if (!w.tensors.unread().empty()) {
        const auto& one = w.tensors.unread().front();
        throw input_error{source, "tensor " + one.name, "elements that can be read", one.what};
    }
    if (w.options.layer == graph_layer_kind::gat_conv)
        for (std::size_t l = 0; l < w.options.layers; ++l) {
            const auto stem = "encoder.gnn_layers." + std::to_string(l) + ".lin_";
            if (w.tensors.at(stem + "dst.weight").template to<float>() != w.tensors.at(stem + "src.weight").template to<float>())
                throw input_error{source, "tensor " + stem + "dst.weight", "the numbers of " + stem + "src.weight, which it is another name of", "others"};
        }
}
VERDANT_DEFINED_ONCE(void check_weights<>(const graph_predictor_weights&));

} // namespace verdant::surrogate
