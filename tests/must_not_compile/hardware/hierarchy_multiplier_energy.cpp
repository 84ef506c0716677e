// expect: verdant: a multiplier cannot give energy back
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto u = hw::multipliers<0.5>::unit;
#else
inline constexpr auto u = hw::multipliers<-0.5>::unit;
#endif
