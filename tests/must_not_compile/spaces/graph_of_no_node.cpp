// expect: verdant: this sequence graph has no nodes
// once
#include <verdant/spaces/graph/sequence_graph.hpp>
namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<1, 4>>, vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"kind", vd::choices<"conv", "pool">>> {};
template <>
struct vd::spaces::sequence_graph<net> {
    using columns = node_columns<category<"kernel", 3>>;
#if defined(VERDANT_GOOD)
    static constexpr void describe(sequence_builder& g) { g.node({g.choice("kernel")}); }
#else
    static constexpr void describe(sequence_builder& g) { static_cast<void>(g); }
#endif
};
inline auto graph = vd::spaces::graph_of(vd::point<net>{});
