// expect: verdant: an observer of a run is one of another search
// once
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/csv_tail.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
using other = vd::search<net, vd::minimize<vd::latency>, vd::random_search>;
#if defined(VERDANT_GOOD)
vd::csv_tail<study> tail{"trials.csv"};
#else
vd::csv_tail<other> tail{"trials.csv"};
#endif
const auto found = study{measure}.run({.trials = 10}, tail);
