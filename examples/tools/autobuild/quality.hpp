// What a predictor is worth on networks with known targets.
#pragma once

#include "data.hpp"

#include <verdant/graph/graph_batch.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/numeric/rank_correlation.hpp>
#include <verdant/numeric/spearman.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

namespace autobuild {

struct quality {
    double spearman = 0, kendall = 0;
    vd::surrogate::prediction_errors errors; ///< in units of the target
    std::vector<double> hops;                ///< rank correlations of the targets with the norms of graph embeddings
    std::vector<double> predicted;
};

/// The p-norm of a row.
[[nodiscard]] inline double row_norm(std::span<const float> row, double p) {
    double sum = 0;
    for (const float v : row) sum += p == 1 ? std::abs(static_cast<double>(v)) : std::pow(std::abs(static_cast<double>(v)), p);
    return p == 1 ? sum : std::pow(sum, 1 / p);
}

/// The graphs of some entries, as the predictor wants their edges.
[[nodiscard]] inline std::vector<vd::graph::featured_graph> graphs_of(const vd::predictor::graph_corpus& corpus,
                                                                      const std::vector<std::size_t>& entries, bool undirected) {
    std::vector<vd::graph::featured_graph> graphs;
    graphs.reserve(entries.size());
    for (const auto i : entries) graphs.push_back(vd::spaces::custom_graph(corpus.entries[i].config, {.undirected = undirected}));
    return graphs;
}

/// The quality of each output.
[[nodiscard]] inline std::vector<quality> qualities_of(const vd::surrogate::graph_predictor& predictor, const target_table& table) {
    const auto& entries = table.entries();
    const vd::graph::graph_batch batch{graphs_of(table.corpus, entries, predictor.options().undirected)};
    vd::surrogate::graph_predictor::workspace w;
    std::vector<float> raw(entries.size() * predictor.outputs());
    predictor.predict_hops(batch, raw, w);
    std::vector<quality> out;
    for (std::size_t k = 0; k < predictor.outputs(); ++k) {
        auto& q = out.emplace_back();
        const std::span<const double> targets = table.columns[k].values;
        for (std::size_t i = 0; i < entries.size(); ++i) q.predicted.push_back(predictor.denormalise(raw[i * predictor.outputs() + k], k));
        q.spearman = vd::surrogate::spearman_rho(q.predicted, targets);
        q.kendall = vd::surrogate::kendall_tau(q.predicted, targets);
        q.errors = vd::surrogate::errors_of(std::span<const double>{q.predicted}, targets);
        for (std::size_t h = 0; h <= predictor.options().layers; ++h) {
            std::vector<double> norms(entries.size());
            for (std::size_t i = 0; i < norms.size(); ++i) norms[i] = row_norm(w.graphs(h)[i], predictor.options().norm);
            q.hops.push_back(vd::surrogate::spearman_rho(norms, targets));
        }
    }
    return out;
}

/// `acc  392 networks  SRCC 0.9843  Kendall tau-b 0.8907  MAE 0.0028  MAPE 0.391 %`, and the correlations of hops below.
inline void print(const std::string& target, const quality& q) {
    std::printf("%s: %zu networks  SRCC %.4f  Kendall tau-b %.4f  MAE %s  MAPE %s %%\n", target.c_str(), q.predicted.size(), q.spearman, q.kendall,
                vd::rounded_text(q.errors.mean_absolute, 4).c_str(), vd::rounded_text(100 * q.errors.relative, 4).c_str());
    std::printf("  norms of hops:");
    for (std::size_t h = 0; h < q.hops.size(); ++h) std::printf("  %zu %.3f", h, q.hops[h]);
    std::printf("\n");
}

} // namespace autobuild
