// A graph predictor from a file, without LibTorch: predictions of many graphs in one call, what matters in them, and all chains of blocks ranked.

#include "graph_prediction/made_by_hand.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/surrogate/graph/feature_importance.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>
#include <verdant/surrogate/graph/prefix_tree.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <vector>

namespace vd = verdant;
namespace surrogate = verdant::surrogate;

// A chain of blocks: kernels, and the width of all.
vd::graph::featured_graph chain(const std::vector<float>& kernels, float width) {
    vd::graph::featured_graph g;
    g.columns = 2;
    std::vector<vd::graph::edge> edges;
    for (vd::graph::node n = 0; n < kernels.size(); ++n) {
        g.features.insert(g.features.end(), {kernels[n], width});
        if (n > 0) edges.push_back({n - 1, n});
    }
    g.edges = vd::graph::csr_graph{kernels.size(), edges};
    return g;
}

int main() {
    const auto path = (std::filesystem::temp_directory_path() / "verdant_example_graph_prediction.safetensors").string();
    surrogate::write_graph_predictor(path, made_by_hand());

    // [read]
    const auto weights = surrogate::read_graph_predictor(path); // and its options from the .json beside it
    const surrogate::graph_predictor predictor{weights};
    // [/read]

    // [predict]
    const std::vector<vd::graph::featured_graph> networks{chain({0, 1, 2}, 1), chain({2, 2, 2, 2}, 1), chain({0, 0}, 2)};
    const vd::graph::graph_batch batch{networks};
    surrogate::graph_predictor::workspace w;
    std::vector<float> raw(batch.graphs());
    predictor.predict_hops(batch, raw, w); // one call, whatever the number of graphs
    for (std::size_t g = 0; g < batch.graphs(); ++g)
        std::printf("network %zu: accuracy %.3f, norms of its hops %.3f %.3f %.3f\n", g, predictor.denormalise(raw[g]), w.graphs(0).norm(g), w.graphs(1).norm(g), w.graphs(2).norm(g));
    // [/predict]

    // [features]
    for (const auto& [kernel, score] : surrogate::rank_categories(predictor.encoder().features(), 0)) std::printf("kernel %zu scores %.2f\n", kernel, static_cast<double>(score));
    // [/features]

    // [chains]
    surrogate::prefix_tree tree{2};
    for (float first = 0; first < 3; ++first) tree.add_root(std::vector{first, 1.0F});
    for (vd::graph::node parent = 0; parent < 3; ++parent)
        for (float next = 0; next < 3; ++next) tree.add(parent, std::vector{next, 1.0F});
    surrogate::prefix_norms norms;
    std::vector<double> importance(tree.nodes());
    norms.compute(predictor.encoder(), tree, 1, importance);
    const auto best = std::max_element(importance.begin() + 3, importance.end()) - importance.begin() - 3;
    std::printf("best of %zu pairs: kernels %td and %td; layers were evaluated for %zu nodes\n", tree.nodes() - 3, best / 3, best % 3, norms.layer_evaluations());
    // [/chains]
    std::filesystem::remove(path);
    std::filesystem::remove(surrogate::graph_options_path(path));
}
