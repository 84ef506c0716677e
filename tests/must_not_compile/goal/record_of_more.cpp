// expect: verdant: metrics<...> is made of a record with other metrics, or with these in another order
// once
#include <verdant/goal.hpp>
namespace vd = verdant;

inline constexpr vd::metrics<vd::latency, vd::accuracy> measured{3.0 * vd::milliseconds{}, 0.5};
#if defined(VERDANT_GOOD)
inline constexpr vd::metrics<vd::accuracy> found = measured.get<vd::accuracy>();
#else
inline constexpr vd::metrics<vd::accuracy> found = measured;
#endif
