// expect: verdant: an argument of the search is no evaluator of its space
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
struct other : vd::space<vd::param<"depth", vd::range<1, 4>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
#if defined(VERDANT_GOOD)
vd::metrics<vd::accuracy> mine(const vd::point<net>&);
#else
vd::metrics<vd::accuracy> mine(const vd::point<other>&);
#endif
const auto found = study{mine}.run();
