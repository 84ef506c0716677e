// expect: verdant: a carbon budget is a mass; write its unit
// once
#include <verdant/carbon/consumption/carbon_budget.hpp>
namespace vd = verdant;

vd::carbon::consumption_meter meter{vd::carbon::place::europe};
#if defined(VERDANT_GOOD)
vd::carbon::carbon_budget budget{meter, 500.0 * vd::grams_co2e{}};
#else
vd::carbon::carbon_budget budget{meter, 500.0};
#endif
