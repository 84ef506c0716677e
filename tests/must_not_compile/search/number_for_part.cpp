// expect: verdant: an argument of run is neither a storage, nor an executor or a dispatcher, nor start points, nor an observer
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
using study = verdant::search<net, verdant::minimize<verdant::latency>, verdant::random_search>;
verdant::metrics<verdant::latency> measure(const verdant::point<net>&) { return 1.0 * verdant::seconds{}; }

#if defined(VERDANT_GOOD)
const auto found = study{measure}.run({.trials = 2, .threads = 4});
#else
const auto found = study{measure}.run({.trials = 2}, 4);
#endif
