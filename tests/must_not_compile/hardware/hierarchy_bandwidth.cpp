// expect: verdant: a bandwidth is positive; write bandwidth<
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::bandwidth<2.0>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::bandwidth<0.0>>::value;
#endif
