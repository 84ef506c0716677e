// expect: verdant: no goal of this search is on that metric
#include <verdant/arrays/columns.hpp>
#include <verdant/goal/standard_metrics.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
#if defined(VERDANT_GOOD)
using goals = verdant::goals<verdant::minimize<verdant::latency>, verdant::track<verdant::energy>>;
#else
using goals = verdant::goals<verdant::minimize<verdant::latency>>;
#endif
const std::vector<verdant::trial<net, goals>> measured;
const auto energies = verdant::arrays::columns(measured).metric<verdant::energy>();
