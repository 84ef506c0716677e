// expect: verdant: a bandwidth is positive; write bandwidth<
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
constexpr auto l = hw::level<"buffer", hw::bandwidth<2.0>>::value;
#else
constexpr auto l = hw::level<"buffer", hw::bandwidth<0.0>>::value;
#endif
