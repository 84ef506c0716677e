// expect: verdant: a value has another unit than its metric
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
inline constexpr vd::metrics<vd::latency> found{3.0 * vd::milliseconds{}};
#else
inline constexpr vd::metrics<vd::latency> found{3.0 * vd::joules{}};
#endif
