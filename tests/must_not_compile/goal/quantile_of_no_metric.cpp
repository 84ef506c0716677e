// expect: verdant: what a quantile or a mean is taken of is no metric
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
inline constexpr auto name = vd::quantile<vd::total_carbon, 0.95>::name();
#else
inline constexpr auto name = vd::quantile<vd::si::mass, 0.95>::name();
#endif
