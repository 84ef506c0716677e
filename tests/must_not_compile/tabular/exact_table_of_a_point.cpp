// expect: verdant: what stands between < and > is no space
#include <verdant/tabular/exact_table.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
#if defined(VERDANT_GOOD)
using table = verdant::tabular::exact_table<net>;
#else
using table = verdant::tabular::exact_table<verdant::point<net>>;
#endif
double depth_two(const table& t) { return t.value(verdant::point<net>{}, "latency"); }
