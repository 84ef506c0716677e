// expect: verdant: metrics<...> takes one value for each metric
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
inline constexpr vd::metrics<vd::latency, vd::accuracy> found{3.0 * vd::milliseconds{}, 0.5};
#else
inline constexpr vd::metrics<vd::latency, vd::accuracy> found{3.0 * vd::milliseconds{}};
#endif
