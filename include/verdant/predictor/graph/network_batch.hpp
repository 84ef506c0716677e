#pragma once

#include <verdant/error.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/predictor/graph/conv_layers.hpp>
#include <verdant/predictor/graph/edge_rows.hpp>
#include <verdant/predictor/graph/feature_scores.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <ATen/ops/empty.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace verdant::predictor {

/// Several graphs as one, in the form that a network takes.
struct network_batch {
    edge_rows rows;           ///< those of the network's kind of layer
    at::Tensor first_nodes;   ///< int32 [graphs + 1]
    feature_columns features;

    [[nodiscard]] std::int64_t graphs() const { return first_nodes.size(0) - 1; }
    [[nodiscard]] std::int64_t nodes() const { return rows.nodes(); }
};

/// Graphs that batches are drawn from: all of them are brought into their form once, and a batch gathers the rows of its graphs.
class network_graphs {
public:
    /// @throws input_error that names the graph, node and feature, where there is none such as a category that is not
    network_graphs(std::span<const graph::featured_graph> graphs, const surrogate::graph_predictor_options& o) {
        const graph::graph_batch all{graphs};
        const auto columns = surrogate::columns_of(o.features);
        if (all.graphs() > 0 && all.columns() != columns)
            throw input_error{"graph predictor", "graphs", std::to_string(columns) + " columns of features", std::to_string(all.columns())};
        for (std::size_t g = 0; g < all.graphs(); ++g)
            if (all.first_nodes()[g] == all.first_nodes()[g + 1]) throw input_error{"graph predictor", "graph " + std::to_string(g), "at least one node", "none"};
        using enum surrogate::graph_layer_kind;
        all_.rows = o.layer == gcn_conv                            ? normalised_rows_of(all.edges(), at::kFloat)
                    : o.layer == gatv2_conv || o.layer == gat_conv ? looped_rows_of(all.edges())
                                                                   : rows_of(all.edges());
        all_.rows.numbers = at::Tensor{};
        all_.first_nodes = detail::integers(all.first_nodes());
        split_columns(all, o.features);
    }

    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(all_.graphs()); }
    /// All graphs, in their order.
    [[nodiscard]] const network_batch& all() const noexcept { return all_; }

    /// Those of these numbers, in their order. @pre each is below size()
    [[nodiscard]] network_batch operator()(std::span<const std::uint32_t> chosen) const {
        const auto* const first = detail::memory<std::int32_t>(all_.first_nodes);
        const auto* const starts = detail::memory<std::int32_t>(all_.rows.starts);
        std::int64_t nodes = 0, edges = 0;
        for (const auto g : chosen) nodes += first[g + 1] - first[g], edges += starts[first[g + 1]] - starts[first[g]];
        const auto like = [](const at::Tensor& t, std::int64_t rows) {
            if (!t.defined()) return t;
            auto shape = t.sizes().vec();
            shape[0] = rows;
            return at::empty(shape, t.options());
        };
        network_batch out{{like(all_.rows.starts, nodes + 1), like(all_.rows.sources, edges), {}, like(all_.rows.weights, edges)},
                          like(all_.first_nodes, static_cast<std::int64_t>(chosen.size()) + 1),
                          {like(all_.features.places, nodes), like(all_.features.numbers, nodes)}};
        auto* const out_first = detail::writable<std::int32_t>(out.first_nodes);
        auto* const out_starts = detail::writable<std::int32_t>(out.rows.starts);
        auto* const out_sources = detail::writable<std::int32_t>(out.rows.sources);
        std::int32_t node = 0, edge = 0;
        out_first[0] = out_starts[0] = 0;
        for (std::size_t b = 0; b < chosen.size(); ++b) {
            const auto from = first[chosen[b]], to = first[chosen[b] + 1];
            for (auto i = from; i < to; ++i) out_starts[node + i - from + 1] = starts[i + 1] - starts[from] + edge;
            for (auto e = starts[from]; e < starts[to]; ++e)
                out_sources[edge + e - starts[from]] = detail::memory<std::int32_t>(all_.rows.sources)[e] - from + node;
            copy_rows(all_.rows.weights, starts[from], starts[to], out.rows.weights, edge);
            copy_rows(all_.features.places, from, to, out.features.places, node);
            copy_rows(all_.features.numbers, from, to, out.features.numbers, node);
            node += to - from, edge += starts[to] - starts[from];
            out_first[b + 1] = node;
        }
        return out;
    }

private:
    static void copy_rows(const at::Tensor& from, std::int64_t first, std::int64_t last, const at::Tensor& to, std::int64_t at) {
        if (!from.defined() || first == last) return;
        const auto bytes = from.nbytes() / static_cast<std::size_t>(from.size(0));
        std::memcpy(static_cast<char*>(to.data_ptr()) + static_cast<std::size_t>(at) * bytes,
                    static_cast<const char*>(from.data_ptr()) + static_cast<std::size_t>(first) * bytes, static_cast<std::size_t>(last - first) * bytes);
    }

    void split_columns(const graph::graph_batch& all, const std::vector<surrogate::graph_feature>& features) {
        const auto nodes = all.edges().nodes(), columns = surrogate::columns_of(features);
        std::size_t numbers = 0;
        for (const auto& f : features) numbers += f.categories == 0 ? f.columns : 0;
        all_.features.places = at::empty({static_cast<std::int64_t>(nodes), static_cast<std::int64_t>(features.size())}, at::TensorOptions{}.dtype(at::kInt));
        if (numbers > 0) all_.features.numbers = at::empty({static_cast<std::int64_t>(nodes), static_cast<std::int64_t>(numbers)});
        auto* place = detail::writable<std::int32_t>(all_.features.places);
        auto* number = detail::writable<float>(all_.features.numbers);
        for (std::size_t n = 0; n < nodes; ++n) {
            const float* column = all.features().data() + n * columns;
            std::int32_t first = 0;
            for (const auto& f : features) {
                if (f.categories == 0) {
                    for (std::size_t c = 0; c < f.columns; ++c) {
                        if (!std::isfinite(column[c])) refuse(all, n, f.name, "a finite number", column[c]);
                        *number++ = column[c];
                    }
                    *place++ = -1;
                } else {
                    const auto category = static_cast<std::int64_t>(*column >= 0 && *column < 1e9F ? *column : -1.0F);
                    if (category < 0 || category >= static_cast<std::int64_t>(f.categories) || static_cast<float>(category) != *column)
                        refuse(all, n, f.name, "a category from 0 to " + std::to_string(f.categories - 1), *column);
                    *place++ = first + static_cast<std::int32_t>(category);
                    first += static_cast<std::int32_t>(f.categories);
                }
                column += f.columns;
            }
        }
    }
    [[noreturn]] static void refuse(const graph::graph_batch& all, std::size_t node, const std::string& feature, const std::string& expected, float found) {
        std::size_t g = 0;
        while (all.first_nodes()[g + 1] <= node) ++g;
        throw input_error{"graph predictor", "graph " + std::to_string(g) + ", node " + std::to_string(node - all.first_nodes()[g]) + ", feature " + feature,
                          expected, std::to_string(found)};
    }

    network_batch all_;
};

} // namespace verdant::predictor
