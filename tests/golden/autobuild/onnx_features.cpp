// Networks as graphs of ONNX operators: operators, features, edges.

#include "golden/autobuild/configs.hpp"

#include <verdant/graph/onnx_features.hpp>
#include <verdant/graph/onnx_operators.hpp>
#include <verdant/io/document/onnx_ir_json.hpp>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

TEST_CASE("features and edges of operators", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/onnx_ir*.json")) {
        golden::summary rows{f.name, 1e-6}; // single precision
        std::ifstream in{f.path};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto file = verdant::io::parse_json<nlohmann::ordered_json>(text, f.name); // edges are in the order of members
        const auto ops = file.at("ops").get<std::vector<std::string>>();
        rows.equal("operators", ops, std::vector<std::string>(verdant::graph::onnx_operators.begin(), verdant::graph::onnx_operators.end()));
        for (const auto& row : file.at("graphs")) {
            rows.next_row();
            const auto network = verdant::io::onnx_ir_from_json(row, f.name);
            const auto graph = verdant::graph::onnx_featured_graph(network);
            REQUIRE(graph.nodes() == row.at("x").size());
            for (std::size_t n = 0; n < graph.nodes(); ++n) {
                const auto& expected = row.at("x").at(n);
                REQUIRE(expected.size() == graph.columns);
                for (std::size_t c = 0; c < graph.columns; ++c)
                    rows.compare("feature " + std::to_string(c) + " of " + network.nodes[n].name, expected.at(c).get<double>(),
                                 static_cast<double>(graph.row(static_cast<verdant::graph::node>(n))[c]));
            }
            rows.equal("edges", true, edges_of(graph.edges) == golden::edges_in(golden::json::parse(row.at("edge_index").dump())));
        }
    }
}
