// expect: verdant: the region of within is of another space than the search
// once
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
struct other : verdant::space<verdant::param<"depth", verdant::range<1, 4>>> {};
#if defined(VERDANT_GOOD)
using region = verdant::space_part<net>;
#else
using region = verdant::space_part<other>;
#endif
using policy = verdant::within<region, verdant::random_search>;
const policy::engine<net, verdant::goals<verdant::minimize<verdant::latency>>> engine{policy::options{}};
