// expect: verdant: the unit of a column does not fit its metric
#include <verdant/arrays/columns.hpp>
#include <verdant/goal/standard_metrics.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
const std::vector<verdant::trial<net, verdant::goals<verdant::minimize<verdant::latency>>>> measured;
#if defined(VERDANT_GOOD)
const auto times = verdant::arrays::columns(measured).metric<verdant::latency, verdant::milliseconds>();
#else
const auto times = verdant::arrays::columns(measured).metric<verdant::latency, verdant::joules>();
#endif
