#include "fuzz.hpp"

#include <verdant/graph/csr_graph.hpp>
#include <verdant/graph/featured_graph.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/surrogate/graph/graph_predictor.hpp>
#include <verdant/surrogate/graph/graph_predictor_file.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

// The JSON of the options, a zero, and a safetensors file.
VERDANT_FUZZ_TARGET(graph_predictor) {
    namespace surrogate = verdant::surrogate;
    const auto zero = static_cast<std::size_t>(std::find(data.begin(), data.end(), 0) - data.begin());
    const auto options = surrogate::graph_options_from(verdant::io::parse_json(fuzz::text(data.first(zero)), fuzz::source), fuzz::source);
    auto again = surrogate::graph_options_from(surrogate::graph_options_json<nlohmann::json>(options), fuzz::source);
    fuzz::require(again == options, "options are written as they were read");
    if (zero == data.size()) return;
    const auto weights = surrogate::graph_weights_of(options, verdant::io::parse_safetensors(fuzz::memory(data.subspan(zero + 1))).tensors);
    const surrogate::graph_predictor predictor{weights};
    const std::size_t columns = surrogate::columns_of(weights.options.features);
    const std::vector<verdant::graph::edge> edges{{0, 1}, {1, 2}};
    const verdant::graph::featured_graph graph{verdant::graph::csr_graph{3, edges}, columns, std::vector<float>(3 * columns)};
    surrogate::graph_predictor::workspace w;
    std::vector<float> out(predictor.outputs());
    predictor.predict_hops(graph, out, w);
}
