// expect: verdant: the bounds of between are in the wrong order
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
inline constexpr bool checked = vd::subject_to<vd::latency, vd::between<10, 50>>::check::value;
#else
inline constexpr bool checked = vd::subject_to<vd::latency, vd::between<50, 10>>::check::value;
#endif
