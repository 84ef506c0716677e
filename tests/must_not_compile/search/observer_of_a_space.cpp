// expect: verdant: an observer or session of a search lacks the type of the study
// once
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/search/stagnation.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::random_search>;
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
#if defined(VERDANT_GOOD)
vd::stagnation<study> enough{{.gain = 0.01, .trials = 60}};
#else
vd::stagnation<net> enough{{.gain = 0.01, .trials = 60}};
#endif
const auto found = study{measure}.run({.trials = 8}, enough);
