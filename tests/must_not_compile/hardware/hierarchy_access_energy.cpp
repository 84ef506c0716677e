// expect: verdant: an access cannot give energy back
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
constexpr auto l = hw::level<"buffer", hw::access_energy<2.0>>::value;
#else
constexpr auto l = hw::level<"buffer", hw::access_energy<-2.0>>::value;
#endif
