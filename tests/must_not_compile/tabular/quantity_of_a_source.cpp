// expect: verdant: benchmarks have no metrics of that quantity; use one of a time, frequency, energy, area, mass, power, or a number
#include <verdant/goal/metric.hpp>
#include <verdant/tabular/metric_source.hpp>
#include <verdant/units.hpp>

#if defined(VERDANT_GOOD)
using shown = verdant::milliseconds;
#else
using shown = verdant::grams_per_kilowatt_hour;
#endif
const auto unit = verdant::tabular::source_unit::of<shown>();
