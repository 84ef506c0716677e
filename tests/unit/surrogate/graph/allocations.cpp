// alone: replaces operator new
#include "catch.hpp"
#include "unit/surrogate/graph/drawn_weights.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/graph/graph_batch.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace {

std::atomic<std::size_t> allocations{0};

} // namespace

// Counts what the whole test program allocates. Not inlined, since g++ would warn of free() for what comes from new.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* const p = std::malloc(size == 0 ? 1 : size)) return p;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

TEST_CASE("a graph predictor with a warm workspace allocates nothing") {
    using namespace verdant;
    std::vector<graph::featured_graph> graphs;
    for (std::size_t nodes = 1; nodes < 60; ++nodes) {
        std::vector<graph::edge> edges;
        for (graph::node n = 1; n < nodes; ++n) edges.push_back({n - 1, n});
        graphs.push_back({graph::csr_graph{nodes, edges}, 6, std::vector<float>(6 * nodes, 1)});
    }
    const graph::graph_batch batch{graphs};
    for (const auto kind : {surrogate::graph_layer_kind::gatv2_conv, surrogate::graph_layer_kind::gat_conv, surrogate::graph_layer_kind::graph_conv,
                            surrogate::graph_layer_kind::gcn_conv, surrogate::graph_layer_kind::sage_conv}) {
        surrogate::graph_predictor_options o;
        o.layer = kind;
        const surrogate::graph_predictor predictor{drawn_weights(o, 1)};
        surrogate::graph_predictor::workspace w;
        std::vector<float> out(graphs.size());
        predictor.predict(batch, out, w);
        predictor.predict_hops(batch, out, w);
        const auto before = allocations.load();
        predictor.predict(batch, out, w);
        predictor.predict_hops(batch, out, w);
        for (std::size_t g = 0; g < graphs.size(); ++g) predictor.predict(graphs[g], {&out[g], 1}, w);
        CHECK(allocations.load() == before);
    }
    CHECK(allocations.load() > 0);
}
