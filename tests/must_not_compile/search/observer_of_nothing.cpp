// expect: verdant: an observer or session of a search lacks the type of the study
// once
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/csv_tail.hpp>
#include <verdant/search.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::random_search>;
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
#if defined(VERDANT_GOOD)
vd::csv_tail<study> enough{"trials.csv"};
#else
vd::csv_tail enough{"trials.csv"};
#endif
const auto found = study{measure}.run({.trials = 8}, enough);
