// expect: verdant: the unit of a metric does not fit its quantity
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
struct delay : vd::metric<"delay", vd::si::time, vd::microseconds> {};
#else
struct delay : vd::metric<"delay", vd::si::time, vd::joules> {};
#endif
inline constexpr auto name = delay::name();
