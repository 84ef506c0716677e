// expect: verdant: what stands in uncertain<...> is no quantity
#include <verdant/uncertainty/uncertain.hpp>

#if defined(VERDANT_GOOD)
const verdant::uncertainty::uncertain<verdant::si::mass> made = 3.0 * verdant::kilograms_co2e{};
#else
const verdant::uncertainty::uncertain<verdant::kilograms_co2e> made = 3.0 * verdant::kilograms_co2e{};
#endif
const auto mean = made.mean();
