#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/from_tensor_data.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/predictor/graph/conv_layers.hpp>
#include <verdant/predictor/graph/feature_scores.hpp>
#include <verdant/predictor/graph/network_batch.hpp>
#include <verdant/predictor/graph/node_norm.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>

#include <ATen/ops/full.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// The graph predictor of AutoBuild as a network that is trained.
namespace verdant::predictor {

/// What a batch came out as.
struct network_outcome {
    at::Tensor predictions;          ///< [graphs, outputs], normalised
    std::vector<at::Tensor> graphs;  ///< embeddings of graphs, hop by hop
    std::vector<at::Tensor> nodes;   ///< embeddings of nodes, hop by hop
};

/// A graph predictor in LibTorch: embeddings of features, graph layers with batch normalisation, a readout at each hop, a head (AutoBuild:
/// ge_utils/model.py). Copies share their tensors.
template <class Deferred = instantiated_when_used>
class basic_graph_network {
public:
    /// First weights as PyTorch and PyTorch-Geometric draw them, from a stream of the seed's own.
    /// @throws input_error for options of which no predictor can be built
    explicit basic_graph_network(const surrogate::graph_predictor_options& o, std::uint64_t seed = 0);

    /// A predictor that was trained before. @throws input_error where tensors are not those of its options
    explicit basic_graph_network(const surrogate::graph_predictor_weights& from) : basic_graph_network{from.options} {
        surrogate::check_weights(from);
        load(from.tensors);
    }

    [[nodiscard]] const surrogate::graph_predictor_options& options() const noexcept { return options_; }

    /// The predictor as a value, which predicts without LibTorch and goes into files.
    [[nodiscard]] surrogate::graph_predictor_weights weights() const;
    /// Takes over all tensors. @pre they are those of the options
    void load(const io::named_tensors& from);

    /// With gradients, and normalised by the moments of the batch, which move the running ones.
    [[nodiscard]] network_outcome train(const network_batch& batch) const {
        count_observed(batch.features.places);
        return run(batch, true);
    }
    /// Without gradients, normalised by the running moments.
    [[nodiscard]] network_outcome evaluate(const network_batch& batch) const {
        const c10::AutoGradMode off{false};
        return run(batch, false);
    }

    /// Calls `f(name, tensor)` for all that training changes by gradients. `encoder.init_ff` is among them and never gets one.
    template <class F>
    void for_each_parameter(const F& f) const {
        each([&f](const std::string& name, const at::Tensor& t, bool trained) {
            if (trained) f(name, t);
        });
    }

    /// What is kept beside the weights; each is changed in place: moments of norms of nodes [2, hops], of targets [2] or [2, outputs], quality on the
    /// test part [3] or [3, outputs], moments of targets by unit and hop [units, hops, 2] or undefined.
    [[nodiscard]] at::Tensor& hop_moments() noexcept { return hop_moments_; }
    [[nodiscard]] at::Tensor& target_moments() noexcept { return target_moments_; }
    [[nodiscard]] at::Tensor& test_metrics() noexcept { return test_metrics_; }
    [[nodiscard]] at::Tensor& unit_moments() noexcept { return unit_moments_; }

private:
    using layer = std::variant<gatv2_conv, gat_conv, graph_conv, gcn_conv, sage_conv>;

    [[nodiscard]] static at::Tensor first_moments(std::vector<std::int64_t> shape) {
        shape.insert(shape.begin(), 2);
        auto out = at::zeros(shape);
        out[1].fill_(1);
        return out;
    }

    [[nodiscard]] static layer new_layer(surrogate::graph_layer_kind kind, std::int64_t inputs, std::int64_t outputs, at::Generator& stream) {
        const double bound = std::sqrt(6 / static_cast<double>(1 + outputs));
        const at::IntArrayRef shape{1, 1, outputs};
        switch (kind) {
        case surrogate::graph_layer_kind::gatv2_conv: {
            gatv2_conv c;
            c.lin_l = detail::new_glorot(inputs, outputs, stream, true);
            c.lin_r = detail::new_glorot(inputs, outputs, stream, true);
            c.att = detail::uniform({1, 1, outputs}, bound, stream);
            c.bias = at::zeros({outputs});
            return c;
        }
        case surrogate::graph_layer_kind::gat_conv: {
            gat_conv c;
            c.lin = detail::new_glorot(inputs, outputs, stream, false);
            c.att_src = detail::uniform({1, 1, outputs}, bound, stream);
            c.att_dst = detail::uniform({1, 1, outputs}, bound, stream);
            c.bias = at::zeros({outputs});
            return c;
        }
        case surrogate::graph_layer_kind::graph_conv:
            return graph_conv{detail::new_linear(inputs, outputs, stream), detail::new_linear(inputs, outputs, stream, false)};
        case surrogate::graph_layer_kind::gcn_conv: return gcn_conv{detail::new_glorot(inputs, outputs, stream, false), at::zeros({outputs})};
        case surrogate::graph_layer_kind::sage_conv: break;
        }
        return sage_conv{detail::new_linear(inputs, outputs, stream), detail::new_linear(inputs, outputs, stream, false)};
    }

    [[nodiscard]] static double slope_of(surrogate::graph_activation a) { return a == surrogate::graph_activation::relu ? 0 : surrogate::leaky_slope; }
    [[nodiscard]] static at::Tensor activated(const at::Tensor& x, surrogate::graph_activation a) {
        return a == surrogate::graph_activation::relu ? at::relu(x) : at::leaky_relu(x, surrogate::leaky_slope);
    }

    [[nodiscard]] network_outcome run(const network_batch& batch, bool training) const;

    void count_observed(const at::Tensor& places) const;

    template <class F>
    static void each_of(const std::string& name, const linear_layer& l, const F& f) {
        f(name + ".weight", l.weight, true);
        if (l.bias.defined()) f(name + ".bias", l.bias, true);
    }
    template <class F>
    static void each_of(const std::string& name, const gatv2_conv& c, const F& f) {
        f(name + ".att", c.att, true);
        f(name + ".bias", c.bias, true);
        each_of(name + ".lin_l", c.lin_l, f);
        each_of(name + ".lin_r", c.lin_r, f);
    }
    template <class F>
    static void each_of(const std::string& name, const gat_conv& c, const F& f) {
        f(name + ".att_src", c.att_src, true);
        f(name + ".att_dst", c.att_dst, true);
        f(name + ".bias", c.bias, true);
        each_of(name + ".lin_src", c.lin, f);
    }
    template <class F>
    static void each_of(const std::string& name, const graph_conv& c, const F& f) {
        each_of(name + ".lin_rel", c.lin_rel, f);
        each_of(name + ".lin_root", c.lin_root, f);
    }
    template <class F>
    static void each_of(const std::string& name, const gcn_conv& c, const F& f) {
        f(name + ".bias", c.bias, true);
        each_of(name + ".lin", c.lin, f);
    }
    template <class F>
    static void each_of(const std::string& name, const sage_conv& c, const F& f) {
        each_of(name + ".lin_l", c.lin_l, f);
        each_of(name + ".lin_r", c.lin_r, f);
    }

    /// `f(name, tensor, whether it is trained by gradients)` for all tensors, by the names of checkpoints.
    template <class G>
    void each(const G& g) const {
        const auto f = [&g](const std::string& name, const at::Tensor& t, bool trained) {
            auto same = t; // shares what it refers to
            g(name, same, trained);
        };
        f("hop_moments", hop_moments_, false);
        f("mlp_moments", target_moments_, false);
        f("test_metrics", test_metrics_, false);
        const std::string embed = "embed_layer.", encoder = "encoder.";
        if (unit_moments_.defined()) f(embed + "moment_tsr", unit_moments_, false);
        for (std::size_t i = 0; i < features_.size(); ++i) {
            const auto& named = options_.features[i];
            if (observed_[i].defined()) f(embed + named.observed, observed_[i], false);
            if (features_[i].table.defined()) f(embed + named.embedding + ".weight", features_[i].table, true);
            else each_of(embed + named.embedding, features_[i].numbers, f);
            each_of(embed + named.projection, features_[i].projection, f);
        }
        for (std::size_t l = 0; l < layers_.size(); ++l)
            std::visit([&](const auto& conv) { each_of(encoder + "gnn_layers." + std::to_string(l), conv, f); }, layers_[l]);
        each_of(encoder + "init_ff", unused_, f);
        for (std::size_t l = 0; l < norms_.size(); ++l) {
            const auto name = encoder + "bns." + std::to_string(l) + ".module";
            f(name + ".weight", norms_[l].weight, true);
            f(name + ".bias", norms_[l].bias, true);
            f(name + ".running_mean", norms_[l].running_mean, false);
            f(name + ".running_var", norms_[l].running_var, false);
            f(name + ".num_batches_tracked", norms_[l].num_batches_tracked, false);
        }
        constexpr const char* places[]{"0", "1", "3", "4"};
        for (std::size_t i = 0; i < 4; ++i) each_of(std::string{"post_proj."} + places[i], head_[i], f);
        each_of("regressor", regressor_, f);
    }

    surrogate::graph_predictor_options options_;
    std::vector<feature_layers> features_;
    std::vector<at::Tensor> observed_;
    std::vector<layer> layers_;
    std::vector<node_norm> norms_;
    linear_layer unused_, head_[4], regressor_;
    at::Tensor hop_moments_, target_moments_, test_metrics_, unit_moments_;
};

/// The network, as programs name it.
using graph_network = basic_graph_network<>;

template <class Deferred>
basic_graph_network<Deferred>::basic_graph_network(const surrogate::graph_predictor_options& o, std::uint64_t seed) : options_{o} {
    surrogate::check_options(o);
    const c10::AutoGradMode off{false};
    auto stream = nn::generator(seed);
    const auto width = static_cast<std::int64_t>(o.width), embedded = static_cast<std::int64_t>(o.embedded());
    const auto levels = static_cast<std::int64_t>(o.layers) + 1, outputs = static_cast<std::int64_t>(o.outputs());
    hop_moments_ = first_moments({levels});
    target_moments_ = outputs == 1 ? first_moments({}) : first_moments({outputs});
    test_metrics_ = outputs == 1 ? at::zeros({3}) : at::zeros({3, outputs});
    test_metrics_[0].fill_(std::numeric_limits<double>::infinity());
    test_metrics_[1].fill_(100);
    if (o.moment_units > 0) {
        unit_moments_ = at::zeros({static_cast<std::int64_t>(o.moment_units), static_cast<std::int64_t>(o.moment_hops), 2});
        unit_moments_.select(2, 1).fill_(1);
    }
    for (const auto& f : o.features) {
        const auto columns = static_cast<std::int64_t>(f.columns), categories = static_cast<std::int64_t>(f.categories), wide = static_cast<std::int64_t>(f.width);
        auto& made = features_.emplace_back();
        if (categories > 0) made.table = at::empty({categories, wide}).normal_(0, 1, stream);
        else made.numbers = detail::new_linear(columns, wide, stream);
        made.projection = detail::new_linear(wide, 1, stream);
        observed_.push_back(f.observed.empty() ? at::Tensor{} : at::zeros({categories}));
    }
    for (std::size_t l = 0; l < o.layers; ++l) {
        layers_.push_back(new_layer(o.layer, l == 0 ? embedded : width, width, stream));
        norms_.push_back({at::ones({width}), at::zeros({width}), at::zeros({width}), at::ones({width}), at::zeros({}, at::kLong)});
    }
    unused_ = detail::new_linear(2 * embedded, embedded, stream);
    for (auto& part : head_) part = detail::new_linear(width, width, stream);
    regressor_ = detail::new_linear(width, outputs, stream);
    each([](const std::string&, at::Tensor& t, bool trained) { t.set_requires_grad(trained); });
}
VERDANT_DEFINED_ONCE(basic_graph_network<>::basic_graph_network(const surrogate::graph_predictor_options&, std::uint64_t));

template <class Deferred>
surrogate::graph_predictor_weights basic_graph_network<Deferred>::weights() const {
    std::map<std::string, at::Tensor> found;
    each([&found](const std::string& name, const at::Tensor& t, bool) { found[name] = t; });
    surrogate::graph_predictor_weights out{options_, io::named_tensors{"graph predictor"}};
    for (const auto& [name, outline] : surrogate::tensors_of(options_)) {
        auto from = name;
        if (name.ends_with(".lin_dst.weight")) from.replace(from.size() - 10, 3, "src"); // a second name
        out.tensors.add(name, nn::to_tensor_data(found.at(from)));
    }
    return out;
}
VERDANT_DEFINED_ONCE(surrogate::graph_predictor_weights basic_graph_network<>::weights() const);

template <class Deferred>
void basic_graph_network<Deferred>::load(const io::named_tensors& from) {
    const c10::AutoGradMode off{false};
    each([&from](const std::string& name, at::Tensor& t, bool) { t.copy_(nn::shared_tensor(from.at(name))); });
}
VERDANT_DEFINED_ONCE(void basic_graph_network<>::load(const io::named_tensors&));

template <class Deferred>
network_outcome basic_graph_network<Deferred>::run(const network_batch& batch, bool training) const {
    network_outcome out;
    const auto keep = [&](at::Tensor h) {
        out.graphs.push_back(readout(h, batch.first_nodes, options_.readout));
        out.nodes.push_back(std::move(h));
    };
    keep(scores_of(features_, batch.features));
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        const auto h = out.nodes.back(), before = options_.residual && l > 0 ? h : at::Tensor{};
        const auto z = std::visit([&](const auto& conv) { return conv(batch.rows, h); }, layers_[l]);
        const double slope = slope_of(options_.activation);
        keep(training ? norms_[l].train(z, slope, before) : norms_[l].evaluate(z, slope, before));
    }
    const auto g = head_[3](head_[2](at::relu(head_[1](head_[0](out.graphs.back())))));
    out.predictions = regressor_(activated(g, options_.head_activation));
    return out;
}
VERDANT_DEFINED_ONCE(network_outcome basic_graph_network<>::run(const network_batch&, bool) const);

template <class Deferred>
void basic_graph_network<Deferred>::count_observed(const at::Tensor& places) const {
    const c10::AutoGradMode off{false};
    const auto* const place = detail::memory<std::int32_t>(places);
    std::int32_t first = 0;
    for (std::size_t f = 0; f < observed_.size(); ++f) {
        const auto categories = static_cast<std::int32_t>(options_.features[f].categories);
        if (observed_[f].defined()) {
            auto seen = at::zeros_like(observed_[f]);
            for (std::int64_t n = 0; n < places.size(0); ++n) seen.data_ptr<float>()[place[n * places.size(1) + static_cast<std::int64_t>(f)] - first] = 1;
            observed_[f].add_(seen);
        }
        first += categories;
    }
}
VERDANT_DEFINED_ONCE(void basic_graph_network<>::count_observed(const at::Tensor&) const);

} // namespace verdant::predictor
