// expect: verdant: two levels of this hierarchy have the same name
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto n = hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer">, hw::multipliers<0.5>>::multiplier_count;
#else
inline constexpr auto n = hw::hierarchy<hw::level<"DRAM">, hw::level<"DRAM">, hw::multipliers<0.5>>::multiplier_count;
#endif
