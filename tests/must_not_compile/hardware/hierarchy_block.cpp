// expect: verdant: an access moves at least one word
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::words<8, 4>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::words<8, 0>>::value;
#endif
