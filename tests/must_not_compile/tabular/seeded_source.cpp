// expect: verdant: an evaluator that draws random numbers is no source of a benchmark; give one that is called with points alone
#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space.hpp>
#include <verdant/tabular/metric_source.hpp>

struct tiny : verdant::space<verdant::param<"width", verdant::choices<1, 2>>> {};

#if defined(VERDANT_GOOD)
verdant::metrics<verdant::accuracy> judge(const verdant::point<tiny>&) { return {0.5}; }
#else
verdant::metrics<verdant::accuracy> judge(const verdant::point<tiny>&, verdant::random_stream& random) { return {static_cast<double>(random() % 2)}; }
#endif
const auto source = verdant::tabular::source_of<tiny, verdant::accuracy>(&judge);
