// expect: verdant: an edge of this sequence graph does not lead from a node to a later one
#include <verdant/space.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>
namespace vd = verdant;

struct my_space : vd::space<vd::param<"kernel", vd::choices<3, 5, 7>>> {};

template <>
struct vd::spaces::sequence_graph<my_space> {
    using columns = node_columns<category<"kernel", 3>>;
    static constexpr void describe(sequence_builder& g) {
        const auto first = g.node({g.choice("kernel")}), second = g.node({g.constant(0)});
#if defined(VERDANT_GOOD)
        g.link(first, second);
#else
        g.link(second, first);
#endif
    }
};

int main() { return static_cast<int>(vd::spaces::graph_of(vd::point<my_space>{}).nodes()); }
