// expect: verdant: the unit of a goal does not fit its metric
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>> {};
#if defined(VERDANT_GOOD)
using unit = vd::grams_co2e;
#else
using unit = vd::milliseconds;
#endif
using study =
    vd::search<net, vd::maximize<vd::accuracy>, vd::subject_to<vd::quantile<vd::total_carbon, 0.95>, vd::at_most<50>, unit>, vd::random_search>;
inline constexpr bool good = study::has_objective;
