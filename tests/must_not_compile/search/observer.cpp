// expect: verdant: an observer of a search has none of started, told, finished and stop_requested
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
struct counter {
    int count = 0;
#if defined(VERDANT_GOOD)
    void told(const study::trial_type&, const vd::search_state&) { ++count; }
#else
    void tell(const study::trial_type&, const vd::search_state&) { ++count; }
#endif
};
counter seen;
const auto found = study{measure}.run({.trials = 10}, seen);
