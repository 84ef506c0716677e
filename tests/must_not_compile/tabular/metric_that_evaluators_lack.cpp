// expect: verdant: the evaluator does not give that metric; name one that it gives
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/space.hpp>
#include <verdant/tabular/metric_source.hpp>

struct tiny : verdant::space<verdant::param<"width", verdant::choices<1, 2>>> {};

verdant::metrics<verdant::accuracy> judge(const verdant::point<tiny>&) { return {0.5}; }
#if defined(VERDANT_GOOD)
const auto source = verdant::tabular::source_of<tiny, verdant::accuracy>(&judge);
#else
const auto source = verdant::tabular::source_of<tiny, verdant::latency>(&judge);
#endif
