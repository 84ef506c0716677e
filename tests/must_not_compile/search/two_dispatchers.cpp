// expect: verdant: two executors or dispatchers for one run of a search; pass one
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
using study = verdant::search<net, verdant::minimize<verdant::latency>, verdant::random_search>;
verdant::metrics<verdant::latency> measure(const verdant::point<net>&) { return 1.0 * verdant::seconds{}; }
verdant::thread_pool pool{2};

#if defined(VERDANT_GOOD)
const auto found = study{measure}.run({.trials = 2}, pool);
#else
const auto found = study{measure}.run({.trials = 2}, pool, verdant::serial_executor{});
#endif
