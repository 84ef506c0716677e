// Graphs and tables of architectures in files.

#include <verdant/error.hpp>
#include <verdant/io/document/graph_json.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces.hpp>

#include <iostream>
#include <string>
namespace vd = verdant;
namespace io = verdant::io;
namespace spaces = verdant::spaces;

int main() {
    // [corpus]
    const std::string table = "resolution,arch,acc\n"
                              "224,e3_k7-e6_k3|e4_k5-e4_k3-e6_k7|e3_k3-e3_k5|e6_k3-e6_k5|e4_k7-e6_k5,0.765\n";
    const auto corpus = vd::predictor::parse_graph_corpus(table, "table.csv"); // read_graph_corpus(path) for a file
    const auto& first = corpus.entries[0];
    std::cout << spaces::name_of(corpus.family) << ", " << corpus.metrics[0] << ' ' << first.values[corpus.metric("acc")] << '\n';
    // [/corpus]

    // [forms]
    using space = spaces::ofa_mobilenet_v3<1.2>;
    const auto p = spaces::point_of<space>(first.config);
    const spaces::ofa_arch arch = spaces::arch_of(p); // kernels, expansions, depths
    std::cout << spaces::units_text(spaces::config_of(arch).units) << "\n" << spaces::cost_of(space::family, arch).macs << " multiply-accumulates\n";
    const auto graph = spaces::graph_of(p);
    std::cout << std::boolalpha << (graph == spaces::custom_graph(first.config)) << '\n';
    // [/forms]

    // [json]
    const auto written = io::graph_json_text({spaces::columns_of<space>(), graph});
    const auto back = io::parse_graph_json(written, "net.json", {.columns = spaces::columns_of<space>(), .acyclic = true});
    std::cout << back.graph.nodes() << " nodes, " << (back.graph == graph) << '\n';
    // [/json]

    // [mistakes]
    for (const std::string nodes : {"[[0, 1]]", "[[7, 1]]", "[[0, 1], [1, 1]"})
        try {
            const std::string text = R"({"columns": [{"name": "kind", "categories": 3}, {"name": "size"}], "edges": [[0, 0]], "nodes": )" + nodes + '}';
            static_cast<void>(io::parse_graph_json(text, "net.json", {.columns = {}, .acyclic = true}));
        } catch (const vd::input_error& e) { std::cout << e.what() << '\n'; }
    // [/mistakes]
}
