// expect: verdant: a hierarchy is levels from the outermost inwards and then its multipliers
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto n = hw::hierarchy<hw::level<"DRAM">, hw::multipliers<0.5>>::multiplier_count;
#else
inline constexpr auto n = hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer">>::multiplier_count;
#endif
