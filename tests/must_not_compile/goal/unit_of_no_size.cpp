// expect: verdant: a unit is no positive number of SI units
#include <verdant/units.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
struct watt_hours : vd::unit<vd::si::energy, 3600.0, "Wh"> {};
#else
struct watt_hours : vd::unit<vd::si::energy, 0.0, "Wh"> {};
#endif
inline constexpr auto symbol = watt_hours::symbol();
