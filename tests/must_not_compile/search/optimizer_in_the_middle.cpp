// expect: verdant: an optimizer stands among the goals of search
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>&);
#if defined(VERDANT_GOOD)
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
#else
using study = vd::search<net, vd::nsga2<>, vd::maximize<vd::accuracy>, vd::random_search>;
#endif
const auto found = study{measure}.run();
