#pragma once

#include <verdant/graph/csr_graph.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/detail/row_kernels.hpp>
#include <verdant/surrogate/graph/feature_embedding.hpp>
#include <verdant/surrogate/graph/gat_conv.hpp>
#include <verdant/surrogate/graph/gatv2_conv.hpp>
#include <verdant/surrogate/graph/gcn_conv.hpp>
#include <verdant/surrogate/graph/graph_batch_norm.hpp>
#include <verdant/surrogate/graph/graph_conv.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>
#include <verdant/surrogate/graph/sage_conv.hpp>

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

/// From features of nodes to embeddings of every hop.
namespace verdant::surrogate {

/// The layers of a trained predictor up to the embeddings of nodes. Immutable: any number of threads may use it, each with room of its own.
template <class Scalar = float>
class basic_graph_encoder {
public:
    /// @throws input_error where the tensors are not those of the options
    explicit basic_graph_encoder(const graph_predictor_weights& w) : options_{w.options}, features_{w.options.features, w.tensors} {
        const auto& o = w.options;
        for (std::size_t l = 0; l < o.layers; ++l) {
            const auto prefix = "encoder.gnn_layers." + std::to_string(l) + ".", norms = "encoder.bns." + std::to_string(l) + ".module.";
            const auto inputs = l == 0 ? o.embedded() : o.width;
            switch (o.layer) {
            case graph_layer_kind::gatv2_conv: layers_.emplace_back(gatv2_conv<Scalar>{inputs, o.width, w.tensors, prefix}); break;
            case graph_layer_kind::gat_conv: layers_.emplace_back(gat_conv<Scalar>{inputs, o.width, w.tensors, prefix}); break;
            case graph_layer_kind::graph_conv: layers_.emplace_back(graph_conv<Scalar>{inputs, o.width, w.tensors, prefix}); break;
            case graph_layer_kind::gcn_conv: layers_.emplace_back(gcn_conv<Scalar>{inputs, o.width, w.tensors, prefix}); break;
            case graph_layer_kind::sage_conv: layers_.emplace_back(sage_conv<Scalar>{inputs, o.width, w.tensors, prefix}); break;
            }
            const auto numbers = [&](const char* name) { return detail::layer_tensor<Scalar>(w.tensors, norms + name, {o.width}); };
            const graph_batch_norm<Scalar> normal{numbers("weight"), numbers("bias"), numbers("running_mean"), numbers("running_var")};
            auto& [factor, shift] = norms_.emplace_back();
            factor.resize(stride());
            shift.resize(stride());
            for (std::size_t c = 0; c < o.width; ++c) {
                factor[c] = normal.factor(c);
                shift[c] = normal.shift(c);
            }
        }
    }

    [[nodiscard]] const graph_predictor_options& options() const noexcept { return options_; }
    [[nodiscard]] const feature_embedding& features() const noexcept { return features_; }
    /// Hops above 0.
    [[nodiscard]] std::size_t layers() const noexcept { return layers_.size(); }
    /// Length of a node's embedding at a hop.
    [[nodiscard]] std::size_t width(std::size_t hop) const noexcept { return hop == 0 ? options_.embedded() : options_.width; }
    /// Length in memory of a row of any hop.
    [[nodiscard]] std::size_t stride() const noexcept {
        return detail::padded_to(options_.width > options_.embedded() ? options_.width : options_.embedded(), detail::panel_width);
    }

    /// Embeddings of hop 0 of some nodes. @param features of the first of them; rows of `features().columns()` numbers
    /// @param first number of the first node, for errors
    /// @throws input_error for a number that is not a category
    void embed(const float* features, std::size_t first, std::size_t nodes, detail::rows_of<Scalar> y) const {
        float scores[256]; // as many features as options allow
        for (std::size_t i = 0; i < nodes; ++i) {
            features_.embed(features + i * features_.columns(), scores, first + i);
            Scalar* const row = y.row(i);
            for (std::size_t f = 0; f < options_.embedded(); ++f) row[f] = static_cast<Scalar>(scores[f]);
        }
    }

    /// Embeddings of the next hop of some nodes: layer, batch normalisation, activation, and what the layer was given where the predictor is
    /// residual.
    /// @param layer from 0; gives hop `layer + 1` of hop `layer`
    void advance(std::size_t layer, const layer_call<Scalar>& c, layer_room<Scalar>& room) const {
        std::visit([&](const auto& one) { one.apply(c, room); }, layers_[layer]);
        const bool residual = options_.residual && layer > 0;
        const auto added = residual ? detail::rows_of<const Scalar>{c.x.row(c.first - c.origin), c.x.stride} : detail::rows_of<const Scalar>{};
        detail::run_with<detail::finish_kernel, Scalar>(room.instructions, detail::finish_job<Scalar>{.y = c.y,
                                                                                                     .added = added,
                                                                                                     .factor = norms_[layer].factor.data(),
                                                                                                     .shift = norms_[layer].shift.data(),
                                                                                                     .slope = slope_of(options_.activation),
                                                                                                     .rows = c.last - c.first,
                                                                                                     .width = detail::padded_to(options_.width, detail::row_block)});
    }

    /// What an activation multiplies with below 0.
    [[nodiscard]] static Scalar slope_of(graph_activation a) { return static_cast<Scalar>(a == graph_activation::leaky_relu ? leaky_slope : 0); }

private:
    using any_layer = std::variant<gatv2_conv<Scalar>, gat_conv<Scalar>, graph_conv<Scalar>, gcn_conv<Scalar>, sage_conv<Scalar>>;
    struct folded_norm {
        std::vector<Scalar> factor, shift;
    };

    graph_predictor_options options_;
    feature_embedding features_;
    std::vector<any_layer> layers_;
    std::vector<folded_norm> norms_;
};

/// In single precision, with vector instructions.
using graph_encoder = basic_graph_encoder<float>;

} // namespace verdant::surrogate
