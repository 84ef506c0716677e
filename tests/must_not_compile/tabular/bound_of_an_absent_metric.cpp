// expect: verdant: a goal of this confidence bound is about a metric that the benchmark does not have; leave it out
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/device_metrics.hpp>

struct tiny : verdant::space<verdant::param<"width", verdant::choices<1, 2>>> {};
using on_device = verdant::tabular::benchmark<tiny, verdant::tabular::zcu102, verdant::latency>;

#if defined(VERDANT_GOOD)
auto bound(const on_device& b) { return b.confidence_bound<verdant::minimize<verdant::latency>>(1); }
#else
auto bound(const on_device& b) { return b.confidence_bound<verdant::minimize<verdant::energy>>(1); }
#endif
