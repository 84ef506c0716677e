// expect: verdant: a category of this sequence graph is out of range
// once
#include <verdant/spaces/graph/sequence_graph.hpp>
namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<1, 4>>, vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"kind", vd::choices<"conv", "pool">>> {};
template <>
struct vd::spaces::sequence_graph<net> {
#if defined(VERDANT_GOOD)
    using columns = node_columns<category<"kernel", 3>>;
#else
    using columns = node_columns<category<"kernel", 2>>;
#endif
    static constexpr void describe(sequence_builder& g) { g.node({g.choice("kernel")}); }
};
inline auto graph = vd::spaces::graph_of(vd::point<net>{});
