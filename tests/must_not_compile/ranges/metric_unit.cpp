// expect: verdant: the unit of views::metric does not fit the metric
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/ranges/trials.hpp>

#if defined(VERDANT_GOOD)
inline const auto view = verdant::views::metric<verdant::latency, verdant::milliseconds>;
#else
inline const auto view = verdant::views::metric<verdant::latency, verdant::joules>;
#endif
