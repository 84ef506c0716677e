#include "fuzz.hpp"

#include <verdant/graph/onnx_features.hpp>
#include <verdant/graph/onnx_ir.hpp>
#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/io/onnx/onnx_operator_graph.hpp>

#include <string>

VERDANT_FUZZ_TARGET(onnx) {
    const auto model = verdant::io::parse_onnx(fuzz::text(data), std::string{fuzz::source});
    const auto network = verdant::io::onnx_operator_graph(model);
    const auto graph = verdant::graph::onnx_featured_graph(network);
    fuzz::require(graph.features.size() == network.nodes.size() * verdant::graph::onnx_columns, "each operator has its features");
    const auto again = verdant::io::parse_onnx(model.SerializeAsString(), std::string{fuzz::source});
    fuzz::require(again.graph().node_size() == model.graph().node_size(), "a model with its shapes is read as it was");
}
