// expect: verdant: the outermost level lets a tensor pass
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto n = hw::hierarchy<hw::level<"DRAM">, hw::multipliers<0.5>>::multiplier_count;
#else
inline constexpr auto n = hw::hierarchy<hw::level<"DRAM", hw::keeps<hw::operand::weights>>, hw::multipliers<0.5>>::multiplier_count;
#endif
