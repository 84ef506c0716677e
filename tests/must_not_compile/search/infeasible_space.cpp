// expect: verdant: no point of this space satisfies its constraints
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
#if defined(VERDANT_GOOD)
struct tower : vd::space<vd::nest<"a", net>, vd::where<vd::var<"a.width"> >= vd::val<512>>> {};
#else
struct tower : vd::space<vd::nest<"a", net>, vd::where<vd::var<"a.width"> >= vd::val<513>>> {};
#endif
using study = vd::search<tower, vd::maximize<vd::accuracy>, vd::random_search>;
vd::metrics<vd::accuracy> measure(const vd::point<tower>&);
const auto found = study{measure}.run();
