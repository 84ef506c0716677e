// expect: verdant: nobody has described the architectures of this space as a graph
// once
#include <verdant/spaces/graph/sequence_graph.hpp>
namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<1, 4>>, vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"kind", vd::choices<"conv", "pool">>> {};
#if defined(VERDANT_GOOD)
template <>
struct vd::spaces::sequence_graph<net> {
    using columns = node_columns<category<"kernel", 3>>;
    static constexpr void describe(sequence_builder& g) { g.node({g.choice("kernel")}); }
};
#endif
inline auto graph = vd::spaces::graph_of(vd::point<net>{});
