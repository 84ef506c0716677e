// expect: verdant: the unit of a goal does not fit its metric
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>&);
#if defined(VERDANT_GOOD)
using study = vd::search<net, vd::minimize<vd::latency, vd::threshold<50>, vd::microseconds>, vd::nsga2<>>;
#else
using study = vd::search<net, vd::minimize<vd::latency, vd::threshold<50>, vd::joules>, vd::nsga2<>>;
#endif
const auto found = study{measure}.run();
