// expect: verdant: a bandwidth is positive; write shared_bandwidth<
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::shared_bandwidth<2.0>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::shared_bandwidth<-1.0>>::value;
#endif
