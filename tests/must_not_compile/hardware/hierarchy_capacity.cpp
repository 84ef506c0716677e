// expect: verdant: this capacity holds nothing
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::capacity<64>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::capacity<0>>::value;
#endif
