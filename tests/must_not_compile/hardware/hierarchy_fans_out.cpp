// expect: verdant: a level feeds at least one instance
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::fans_out<4>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::fans_out<0>>::value;
#endif
