// expect: verdant: start points of a run are points of another space
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
struct other : vd::space<vd::param<"layers", vd::range<2, 8>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
#if defined(VERDANT_GOOD)
const auto found = study{measure}.run({.trials = 10}, vd::start_points{vd::point<net>{}});
#else
const auto found = study{measure}.run({.trials = 10}, vd::start_points{vd::point<other>{}});
#endif
