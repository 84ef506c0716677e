#include "fuzz.hpp"

#include <verdant/graph/line_graph.hpp>
#include <verdant/graph/onnx_features.hpp>
#include <verdant/io/document/onnx_ir_json.hpp>

VERDANT_FUZZ_TARGET(onnx_ir) {
    const auto network = verdant::io::parse_onnx_ir(fuzz::text(data), fuzz::source);
    const auto graph = verdant::graph::onnx_featured_graph(network);
    fuzz::require(graph.features.size() == network.nodes.size() * verdant::graph::onnx_columns, "each operator has its features");
    if (network.edges.size() < 1000) fuzz::require(verdant::graph::line_graph(graph).nodes() == network.edges.size(), "each edge is a node of the line graph");
}
