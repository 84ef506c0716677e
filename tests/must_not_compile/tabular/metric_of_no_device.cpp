// expect: verdant: that metric is not measured on a device; list of latency, throughput and energy those that were measured on it
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/tabular/device_metrics.hpp>

#if defined(VERDANT_GOOD)
struct phone : verdant::tabular::device<"phone", verdant::latency> {};
#else
struct phone : verdant::tabular::device<"phone", verdant::accuracy> {};
#endif
bool known() { return phone::measures<verdant::latency>; }
