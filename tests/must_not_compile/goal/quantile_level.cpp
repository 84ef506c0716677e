// expect: verdant: the level of a quantile is no share between 0 and 1
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
using goal = vd::minimize<vd::quantile<vd::total_carbon, 0.95>>;
#else
using goal = vd::minimize<vd::quantile<vd::total_carbon, 1.2>>;
#endif
inline constexpr bool fits = goal::check::value;
