// expect: verdant: no constraint of this search is on that metric
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::subject_to<vd::latency, vd::at_most<50>>, vd::nsga2<>>;
study mine{measure};
#if defined(VERDANT_GOOD)
const auto& changed = mine.at_most<vd::latency>(30.0 * vd::milliseconds{});
#else
const auto& changed = mine.at_most<vd::area>(30.0 * vd::square_millimetres{});
#endif
