#include "fuzz.hpp"

#include <verdant/io/document/graph_json.hpp>

VERDANT_FUZZ_TARGET(graph_json) {
    const auto graph = verdant::io::parse_graph_json(fuzz::text(data), fuzz::source);
    const auto again = verdant::io::parse_graph_json(verdant::io::graph_json_text(graph), fuzz::source);
    fuzz::require(again.columns == graph.columns && again.graph == graph.graph, "a graph is written as it was read");
    static_cast<void>(verdant::io::parse_graph_json(fuzz::text(data), fuzz::source, {.columns = {}, .acyclic = true}));
}
