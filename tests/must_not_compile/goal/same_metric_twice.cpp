// expect: verdant: this record lists a metric twice
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
inline constexpr vd::metrics<vd::latency, vd::accuracy> found{};
#else
inline constexpr vd::metrics<vd::latency, vd::latency> found{};
#endif
