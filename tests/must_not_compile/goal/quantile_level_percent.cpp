// expect: verdant: the level of a quantile is no share between 0 and 1
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
inline constexpr auto name = vd::quantile<vd::total_carbon, 0.95>::name();
#else
inline constexpr auto name = vd::quantile<vd::total_carbon, 95>::name();
#endif
