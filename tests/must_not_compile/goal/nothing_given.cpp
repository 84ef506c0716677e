// expect: verdant: this metric has no name
// and: verdant: the first argument of this goal is no metric
// and: verdant: the level of a quantile is no share
// and: verdant: what stands in drawn<...> or ranged<...> is no metric
// and: verdant: a trial is asked for a metric, for example trial.get<latency>(); what stands in get<...> is no metric
// and: verdant: a point is asked for a parameter by its name
// and: verdant: a point is not made of numbers
#include <verdant/goal.hpp>
#include <verdant/goal/draw_summary.hpp>
#include <verdant/goal/uncertain_metrics.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::choices<64, 128>>> {};
using goals = vd::goals<vd::minimize<vd::latency>>;

#if defined(VERDANT_GOOD)
struct mine : vd::metric<"mine"> {};
inline constexpr auto objective = sizeof(vd::minimize<mine>::check);
inline constexpr auto level = vd::quantile<vd::latency, 0.95>::name().size();
inline constexpr auto mass = sizeof(vd::drawn<vd::latency>);
double latency(const vd::trial<net, goals>& t) { return vd::in<vd::milliseconds>(t.get<vd::latency>()); }
double depth(const vd::point<net>& p) { return p.get<"depth">(); }
bool same(const vd::point<net>& p) { return p == vd::point<net>{}.with<"depth", 6>(); }
#else
struct mine : vd::metric<> {};
inline constexpr auto objective = sizeof(vd::minimize<>::check);
inline constexpr auto level = vd::quantile<vd::latency>::name().size();
inline constexpr auto mass = sizeof(vd::drawn<vd::si::mass>);
double latency(const vd::trial<net, goals>& t) { return vd::in<vd::latency>(t.get<vd::milliseconds>()); }
double depth(const vd::point<net>& p) { return p["depth"]; }
bool same(const vd::point<net>& p) { return p == vd::point<net>{6, 64}; }
#endif
