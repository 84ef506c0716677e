// expect: verdant: nobody measured that metric on this device; see measured_on<device, metric> in this message, and choose another of the two
// once
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/device_metrics.hpp>

struct tiny : verdant::space<verdant::param<"width", verdant::choices<1, 2>>> {};

#if defined(VERDANT_GOOD)
using on_device = verdant::tabular::benchmark<tiny, verdant::tabular::zcu102, verdant::latency>;
#else
using on_device = verdant::tabular::benchmark<tiny, verdant::tabular::a100, verdant::latency>;
#endif
double milliseconds_of(const on_device& b) { return verdant::in<verdant::milliseconds>(b.mean(verdant::point<tiny>{}).get<verdant::latency>()); }
