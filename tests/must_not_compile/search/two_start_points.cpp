// expect: verdant: two lists of start points for one run of a search
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/space/text.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
const auto narrow_net = vd::parse_point<net>("layers=2 width=64"), deeper_net = vd::parse_point<net>("layers=3 width=64");
#if defined(VERDANT_GOOD)
const auto found = study{measure}.run({.trials = 10}, vd::start_points{narrow_net, deeper_net});
#else
const auto found = study{measure}.run({.trials = 10}, vd::start_points{narrow_net}, vd::start_points{deeper_net});
#endif
