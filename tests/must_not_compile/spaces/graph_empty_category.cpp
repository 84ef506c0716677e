// expect: verdant: a column has no category
// once
#include <verdant/spaces/graph/sequence_graph.hpp>
namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<1, 4>>, vd::param<"kernel", vd::choices<3, 5, 7>>, vd::param<"kind", vd::choices<"conv", "pool">>> {};
#if defined(VERDANT_GOOD)
using columns = vd::spaces::node_columns<vd::spaces::category<"kernel", 3>>;
#else
using columns = vd::spaces::node_columns<vd::spaces::category<"kernel", 0>>;
#endif
static_assert(columns::records.size() == 1);
