// expect: verdant: two consumption meters for one run of a search; pass one
// once
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
struct meter {
    vd::search_consumption consumption();
};
meter first, second;
#if defined(VERDANT_GOOD)
const auto found = study{measure}.run({.trials = 10}, first);
#else
const auto found = study{measure}.run({.trials = 10}, first, second);
#endif
