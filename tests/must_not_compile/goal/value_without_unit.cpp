// expect: verdant: a value has another unit than its metric
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
inline constexpr vd::metrics<vd::latency, vd::area> found{3.0 * vd::milliseconds{}, 2.0 * vd::square_millimetres{}};
#else
inline constexpr vd::metrics<vd::latency, vd::area> found{3.0, 2.0 * vd::square_millimetres{}};
#endif
