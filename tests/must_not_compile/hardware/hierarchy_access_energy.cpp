// expect: verdant: an access cannot give energy back
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::access_energy<2.0>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::access_energy<-2.0>>::value;
#endif
