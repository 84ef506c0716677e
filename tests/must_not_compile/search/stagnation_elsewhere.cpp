// expect: verdant: an observer of a run is one of another search
// once
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::random_search>;
using other = vd::search<net, vd::minimize<vd::latency, vd::threshold<9>>, vd::random_search>;
#if defined(VERDANT_GOOD)
vd::stagnation<study> enough;
#else
vd::stagnation<other> enough;
#endif
const auto found = study{measure}.run({.trials = 10}, enough);
