// expect: verdant: an observer has a member that takes what a search gives, under a name that it does not call
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
struct counter {
    int count = 0;
    void started(const vd::search_state&) { count = 0; }
#if defined(VERDANT_GOOD)
    void told(const study::trial_type&, const vd::search_state&) { ++count; }
#else
    void on_trial(const study::trial_type&, const vd::search_state&) { ++count; }
#endif
};
counter seen;
const auto found = study{measure}.run({.trials = 10}, seen);
