// expect: verdant: metrics<...> takes one value for each metric
#include <verdant/goal.hpp>
namespace vd = verdant;

#if defined(VERDANT_GOOD)
inline constexpr vd::metrics<vd::accuracy> found{0.5};
#else
inline constexpr vd::metrics<vd::accuracy> found{0.5, 0.6};
#endif
