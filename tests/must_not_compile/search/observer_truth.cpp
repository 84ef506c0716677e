// expect: verdant: started or told of an observer returns bool, which says nothing to a search
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
struct until {
#if defined(VERDANT_GOOD)
    vd::search_step told(const study::trial_type&, const vd::search_state& state) { return state.done > 4 ? vd::search_step::stop : vd::search_step::go_on; }
#else
    bool told(const study::trial_type&, const vd::search_state& state) { return state.done > 4; }
#endif
};
until five;
const auto found = study{measure}.run({.trials = 10}, five);
