// expect: verdant: no evaluator provides the metric of a goal
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>&);
#if defined(VERDANT_GOOD)
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::nsga2<>>;
#else
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::energy>, vd::nsga2<>>;
#endif
const study run_me{measure};
