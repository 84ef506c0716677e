// expect: verdant: metrics<...> is made of a record with other metrics, or with these in another order
// once
#include <verdant/goal.hpp>
namespace vd = verdant;

inline constexpr vd::metrics<vd::latency, vd::accuracy> measured{3.0 * vd::milliseconds{}, 0.5};
#if defined(VERDANT_GOOD)
inline constexpr vd::metrics<vd::accuracy, vd::latency> found{measured.get<vd::accuracy>(), measured.get<vd::latency>()};
#else
inline constexpr vd::metrics<vd::accuracy, vd::latency> found{measured};
#endif
