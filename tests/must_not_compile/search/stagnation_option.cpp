// expect: verdant: stagnation takes no such options
// and: verdant: run takes no such options
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/search/stagnation.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
using study = vd::search<net, vd::minimize<vd::latency, vd::threshold<50>>, vd::nsga2<>>;
#if defined(VERDANT_GOOD)
vd::stagnation<study> enough() { return vd::stagnation<study>{{.gain = 0.1, .trials = 100}}; }
void run(const study& s) { s.run({.optimizer = {.population = 20}}); }
#else
vd::stagnation<study> enough() { return vd::stagnation<study>{{.gains = 0.1, .trials = 100}}; }
void run(const study& s) { s.run({.optimizer = {.poplation = 20}}); }
#endif
