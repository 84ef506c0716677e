// expect: verdant: this record does not hold that metric
#include <verdant/goal.hpp>
namespace vd = verdant;

inline constexpr vd::metrics<vd::latency, vd::accuracy> found{3.0 * vd::milliseconds{}, 0.5};
#if defined(VERDANT_GOOD)
inline constexpr auto value = found.get<vd::latency>();
#else
inline constexpr auto value = found.get<vd::energy>();
#endif
