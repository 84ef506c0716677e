// expect: verdant: a consumption meter takes the grid that the machine stands in
// once
#include <verdant/carbon/consumption/consumption_meter.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
vd::carbon::consumption_meter meter{60.0 * vd::grams_per_kilowatt_hour{}};
#else
vd::carbon::consumption_meter meter{60.0};
#endif
