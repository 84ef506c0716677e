// A space of one's own whose points become graphs: what a predictor of architectures takes.

#include <verdant/graph.hpp>
#include <verdant/space.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>

#include <array>
#include <iostream>
#include <string>
#include <vector>
namespace vd = verdant;
namespace spaces = verdant::spaces;

// [space]
struct layer : vd::space<vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"kind", vd::choices<"plain", "depthwise">>> {};

struct little_net : vd::space<vd::param<"depth", vd::range<2, 4>>, vd::param<"width", vd::range<16, 64, 16>>, vd::repeat<"layer", 4, layer>> {};
// [/space]

// [description]
template <>
struct verdant::spaces::sequence_graph<little_net> {
    using columns = node_columns<category<"place", 4>, category<"kernel", 3>, category<"kind", 2>, number<"width">>;
    static constexpr void describe(sequence_builder& g) {
        for (int j = 0; j < 4; ++j)
            g.node({g.constant(j), g.choice(parameter_name{"layer.", j, ".kernel"}), g.choice(parameter_name{"layer.", j, ".kind"}), g.number("width", 0, 64)},
                   g.above("depth", j)); // layers beyond the depth do not exist
    }
};
// [/description]

int main() {
    // [graph]
    constexpr auto net = vd::point<little_net>{}.with<"depth", 3>().with<"width", 48>().with<"layer.1.kernel", 7>().with<"layer.2.kind", "depthwise">();
    const vd::graph::featured_graph g = spaces::graph_of(net);
    for (const auto& column : spaces::columns_of<little_net>()) std::cout << column.name << ' ';
    std::cout << '\n';
    for (vd::graph::node n = 0; n < g.nodes(); ++n) {
        for (const float x : g.row(n)) std::cout << x << ' ';
        std::cout << " after " << g.edges.sources_of(n).size() << " other\n";
    }
    // [/graph]

    // [batch]
    const std::array graphs{g, spaces::graph_of(vd::point<little_net>{})};
    const vd::graph::graph_batch batch{graphs};
    std::cout << batch.graphs() << " graphs, " << batch.edges().nodes() << " nodes, " << batch.edges().edges() << " edges\n";
    // [/batch]

    // [neighbourhood]
    const std::array scores{0.25, 0.75, 0.5}; // of the nodes, for example norms of their embeddings
    for (const auto& [of, nodes] : neighbourhoods(g.edges, vd::graph::best_nodes(scores, 2), 1)) {
        std::cout << "node " << of << " has seen";
        for (const auto n : nodes) std::cout << ' ' << n;
        std::cout << ", features " << vd::graph::feature_hash(induced_subgraph(g, nodes).features).substr(0, 8) << '\n';
    }
    // [/neighbourhood]

    // [dot]
    const std::vector<std::string> labels{"first", "second", "third"};
    std::cout << dot_text(g.edges, labels, vd::graph::norm_colours(scores));
    const std::array panels{vd::graph::graph_panel{"by score", vd::graph::norm_colours(scores)}};
    const std::string svg = graph_svg(g.edges, labels, panels, "a little net");
    // [/dot]
    std::cout << (svg.starts_with("<svg") ? "and a picture\n" : "");
}
