// expect: verdant: a bandwidth is positive; write shared_bandwidth<
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
constexpr auto l = hw::level<"buffer", hw::shared_bandwidth<2.0>>::value;
#else
constexpr auto l = hw::level<"buffer", hw::shared_bandwidth<-1.0>>::value;
#endif
