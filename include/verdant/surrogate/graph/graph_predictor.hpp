#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/surrogate/graph/detail/lanes.hpp>
#include <verdant/surrogate/graph/detail/packed_linear.hpp>
#include <verdant/surrogate/graph/detail/row_kernels.hpp>
#include <verdant/surrogate/graph/embedding_rows.hpp>
#include <verdant/surrogate/graph/graph_encoder.hpp>
#include <verdant/surrogate/graph/graph_layer.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/surrogate/graph/graph_predictor_weights.hpp>
#include <verdant/surrogate/graph/vector_instructions.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A trained graph predictor.
namespace verdant::surrogate {

/// Predicts one or several numbers of graphs, such as accuracy and latency of networks, and gives the embeddings of their nodes at every hop, whose
/// norms tell what matters in them (AutoBuild, CVPR 2024). Immutable: any number of threads may use it, each with a workspace of its own. What it
/// predicts of a graph does not depend on the graphs beside it, bit for bit.
template <class Scalar = float>
class basic_graph_predictor {
public:
    /// Room for a call, and the embeddings that the last call of `predict_hops` kept. Grows at first use.
    class workspace {
    public:
        /// @param instructions for tests and comparisons; see `chosen_instructions`
        explicit workspace(vector_instructions instructions = chosen_instructions()) { layers_.instructions = instructions; }

        /// Embeddings of all nodes at a hop, row by row. @pre the last call was one of `predict_hops`, and hop is at most the layers
        [[nodiscard]] embedding_rows<Scalar> nodes(std::size_t hop) const { return {hops_[hop].data(), stride_, nodes_, hop == 0 ? embedded_ : width_}; }
        /// Embeddings of all graphs at a hop: the readout of those of their nodes. @pre the same
        [[nodiscard]] embedding_rows<Scalar> graphs(std::size_t hop) const { return {graph_hops_[hop].data(), stride_, graphs_, hop == 0 ? embedded_ : width_}; }

    private:
        friend basic_graph_predictor;
        layer_room<Scalar> layers_;
        std::array<std::vector<Scalar>, 2> part_, head_;
        std::vector<std::vector<Scalar>> hops_, graph_hops_;
        std::size_t stride_ = 0, nodes_ = 0, graphs_ = 0, embedded_ = 0, width_ = 0;
    };

    /// @throws input_error where the tensors are not exactly those of the options
    explicit basic_graph_predictor(const graph_predictor_weights& w);

    [[nodiscard]] const graph_predictor_options& options() const noexcept { return encoder_.options(); }
    [[nodiscard]] const basic_graph_encoder<Scalar>& encoder() const noexcept { return encoder_; }
    [[nodiscard]] std::size_t outputs() const noexcept { return options().outputs(); }

    /// Predictions for all graphs of a batch in the units of training, which is what the network gives; see `denormalise`. Allocates nothing once `w`
    /// has served a batch of as many nodes.
    /// @param out [graphs, outputs], row by row
    /// @throws input_error where lengths or columns do not fit, or a category is unknown
    void predict(const graph::graph_batch& batch, std::span<Scalar> out, workspace& w) const { run(batch.edges(), batch.features(), batch.columns(), batch.first_nodes(), out, w, false); }
    /// The same, and keeps the embeddings of every hop in the workspace.
    void predict_hops(const graph::graph_batch& batch, std::span<Scalar> out, workspace& w) const { run(batch.edges(), batch.features(), batch.columns(), batch.first_nodes(), out, w, true); }
    /// One graph.
    void predict(const graph::featured_graph& one, std::span<Scalar> out, workspace& w) const {
        const std::array<std::uint32_t, 2> first_nodes{0, static_cast<std::uint32_t>(one.nodes())};
        run(one.edges, one.features, one.columns, first_nodes, out, w, false);
    }
    /// One graph, and the embeddings of every hop.
    void predict_hops(const graph::featured_graph& one, std::span<Scalar> out, workspace& w) const {
        const std::array<std::uint32_t, 2> first_nodes{0, static_cast<std::uint32_t>(one.nodes())};
        run(one.edges, one.features, one.columns, first_nodes, out, w, true);
    }

    /// Predictions of a batch in the units of the targets: [graphs, outputs], row by row.
    [[nodiscard]] std::vector<double> operator()(const graph::graph_batch& batch) const {
        workspace w;
        std::vector<Scalar> raw(batch.graphs() * outputs());
        predict(batch, raw, w);
        std::vector<double> out(raw.size());
        for (std::size_t i = 0; i < raw.size(); ++i) out[i] = denormalise(raw[i], i % outputs());
        return out;
    }

    /// A prediction in the units of the target: times its standard deviation, plus its mean.
    [[nodiscard]] double denormalise(Scalar predicted, std::size_t output = 0) const { return static_cast<double>(predicted) * deviation(output) + mean(output); }
    /// Mean and standard deviation of a target in training.
    [[nodiscard]] double mean(std::size_t output = 0) const { return moments_.at(output); }
    [[nodiscard]] double deviation(std::size_t output = 0) const { return moments_.at(outputs() + output); }
    /// Mean absolute error, mean absolute error relative to the target, and rank correlation of predictions on the test part, in the units of
    /// training.
    [[nodiscard]] double test_error(std::size_t output = 0) const { return test_metrics_.at(output); }
    [[nodiscard]] double test_relative_error(std::size_t output = 0) const { return test_metrics_.at(outputs() + output); }
    [[nodiscard]] double test_rank_correlation(std::size_t output = 0) const { return test_metrics_.at(2 * outputs() + output); }

private:
    [[nodiscard]] static const graph_predictor_weights& checked(const graph_predictor_weights& w) {
        check_weights(w);
        return w;
    }

    /// Works through so many nodes at once, whole graphs, that what lies between two layers stays in the second cache.
    static constexpr std::size_t nodes_at_once = 256;

    void run(const graph::csr_graph& edges, std::span<const float> features, std::size_t columns, std::span<const std::uint32_t> first_nodes, std::span<Scalar> out, workspace& w,
             bool keep) const;

    void run_part(const graph::csr_graph& edges, const float* features, std::span<const std::uint32_t> first_nodes, std::size_t first_graph, std::span<Scalar> out, workspace& w, bool keep) const {
        const auto graphs = first_nodes.size() - 1;
        const std::size_t first = first_nodes.front(), last = first_nodes.back(), nodes = last - first;
        const auto room = detail::padded_to(std::max(nodes, nodes_at_once), detail::row_group) * w.stride_;
        const auto rows_at = [&](std::size_t hop) -> detail::rows_of<Scalar> {
            if (keep) return {w.hops_[hop].data() + first * w.stride_, w.stride_};
            return {w.layers_.grown(w.part_[hop % 2], room), w.stride_};
        };
        auto x = rows_at(0);
        encoder_.embed(features, first, nodes, x);
        if (keep) read_out(x, first_nodes, {w.graph_hops_[0].data() + first_graph * w.stride_, w.stride_}, w);
        for (std::size_t l = 0; l < encoder_.layers(); ++l) {
            const auto y = rows_at(l + 1);
            if (nodes > 0) encoder_.advance(l, {edges, first, first, last, x.read_only(), y}, w.layers_);
            x = y;
            if (keep) read_out(x, first_nodes, {w.graph_hops_[l + 1].data() + first_graph * w.stride_, w.stride_}, w);
        }
        const auto head_room = detail::padded_to(std::max(graphs, nodes_at_once), detail::row_group) * std::max(w.stride_, head_.back().stride());
        detail::rows_of<Scalar> from{w.layers_.grown(w.head_[0], head_room), w.stride_}, to{w.layers_.grown(w.head_[1], head_room), w.stride_};
        read_out(x, first_nodes, from, w);
        for (std::size_t l = 0; l < head_.size(); ++l) {
            to.stride = head_[l].stride();
            head_[l].apply(from.read_only(), {}, graphs, to, w.layers_.instructions);
            // A rectifier behind the second layer, the chosen activation before the last (AutoBuild: ge_utils/model.py).
            if (l == 1) activate(to, graphs, graph_activation::relu, w);
            if (l == 3) activate(to, graphs, options().head_activation, w);
            std::swap(from, to);
        }
        for (std::size_t g = 0; g < graphs; ++g) std::copy_n(from.row(g), outputs(), out.begin() + static_cast<std::ptrdiff_t>(g * outputs()));
    }

    void read_out(detail::rows_of<Scalar> x, std::span<const std::uint32_t> first_nodes, detail::rows_of<Scalar> y, workspace& w) const {
        detail::run_with<detail::readout_kernel, Scalar>(w.layers_.instructions, detail::readout_job<Scalar>{.first_nodes = first_nodes.data(),
                                                                                                            .graphs = first_nodes.size() - 1,
                                                                                                            .origin = first_nodes.front(),
                                                                                                            .x = x.read_only(),
                                                                                                            .y = y,
                                                                                                            .width = w.stride_,
                                                                                                            .how = options().readout});
    }
    void activate(detail::rows_of<Scalar> y, std::size_t rows, graph_activation a, workspace& w) const {
        detail::run_with<detail::finish_kernel, Scalar>(w.layers_.instructions, detail::finish_job<Scalar>{.y = y,
                                                                                                          .added = {},
                                                                                                          .factor = nullptr,
                                                                                                          .shift = nullptr,
                                                                                                          .slope = encoder_.slope_of(a),
                                                                                                          .rows = rows,
                                                                                                          .width = detail::padded_to(options().width, detail::row_block)});
    }

    void check(std::span<const float> features, std::size_t columns, std::size_t nodes, std::size_t graphs, std::span<Scalar> out) const {
        if (columns != encoder_.features().columns() && nodes > 0)
            throw input_error{"graph predictor", "features", std::to_string(encoder_.features().columns()) + " columns", std::to_string(columns)};
        if (features.size() != nodes * columns)
            throw input_error{"graph predictor", "features", std::to_string(nodes) + " rows of " + std::to_string(columns), std::to_string(features.size()) + " numbers"};
        if (out.size() != graphs * outputs())
            throw input_error{"graph predictor", "predictions", std::to_string(graphs) + " rows of " + std::to_string(outputs()), std::to_string(out.size()) + " numbers"};
    }

    basic_graph_encoder<Scalar> encoder_;
    std::vector<detail::packed_linear<Scalar>> head_;
    std::vector<double> moments_, test_metrics_;
};

template <class Scalar>
basic_graph_predictor<Scalar>::basic_graph_predictor(const graph_predictor_weights& w) : encoder_{checked(w)} {
    const auto& o = w.options;
    const auto linear = [&](const std::string& name, std::size_t outputs) {
        detail::packed_linear<Scalar> out{outputs, {o.width}};
        out.template set_weights<Scalar>(0, detail::layer_tensor<Scalar>(w.tensors, name + ".weight", {outputs, o.width}));
        out.template set_bias<Scalar>(detail::layer_tensor<Scalar>(w.tensors, name + ".bias", {outputs}));
        return out;
    };
    for (const char* const name : {"post_proj.0", "post_proj.1", "post_proj.3", "post_proj.4"}) head_.push_back(linear(name, o.width));
    head_.push_back(linear("regressor", o.outputs()));
    moments_ = w.tensors.at("mlp_moments").template to<double>();
    test_metrics_ = w.tensors.at("test_metrics").template to<double>();
}
VERDANT_DEFINED_ONCE(basic_graph_predictor<float>::basic_graph_predictor(const graph_predictor_weights&));

template <class Scalar>
void basic_graph_predictor<Scalar>::run(const graph::csr_graph& edges, std::span<const float> features, std::size_t columns,
                                        std::span<const std::uint32_t> first_nodes, std::span<Scalar> out, workspace& w, bool keep) const {
    const auto graphs = first_nodes.size() - 1, nodes = edges.nodes();
    check(features, columns, nodes, graphs, out);
    w.stride_ = encoder_.stride();
    if (keep) {
        w.nodes_ = nodes;
        w.graphs_ = graphs;
        w.embedded_ = options().embedded();
        w.width_ = options().width;
        w.hops_.resize(encoder_.layers() + 1);
        w.graph_hops_.resize(encoder_.layers() + 1);
        for (auto& v : w.hops_) w.layers_.grow(v, (nodes + detail::row_group) * w.stride_);
        for (auto& v : w.graph_hops_) w.layers_.grow(v, (graphs + detail::row_group) * w.stride_);
    }
    for (std::size_t begin = 0; begin < graphs;) {
        auto end = begin + 1;
        while (end < graphs && first_nodes[end + 1] - first_nodes[begin] <= nodes_at_once) ++end;
        run_part(edges, features.data() + first_nodes[begin] * columns, first_nodes.subspan(begin, end - begin + 1), begin, out.subspan(begin * outputs(), (end - begin) * outputs()), w, keep);
        begin = end;
    }
}
VERDANT_DEFINED_ONCE(void basic_graph_predictor<float>::run(const graph::csr_graph&, std::span<const float>, std::size_t, std::span<const std::uint32_t>, std::span<float>,
                                                            basic_graph_predictor<float>::workspace&, bool) const);

/// In single precision, with vector instructions.
using graph_predictor = basic_graph_predictor<float>;

/// Whether a predicted number keeps a limit even where it is wrong by the mean error of the predictor (AutoBuild: ge_utils/model.py,
/// `check_prediction_with_mae`).
/// @param op '+': the number may be at most `limit`, and `predicted + error` must not be above it; '-': the number is to be at least `limit`, and
/// `predicted - error` must not be
///           below it; any other: no limit
[[nodiscard]] constexpr bool check_prediction_with_mae(double predicted, double error, double limit, char op) {
    if (op == '+') return !(predicted + error > limit);
    if (op == '-') return !(predicted - error < limit);
    return true;
}

} // namespace verdant::surrogate
