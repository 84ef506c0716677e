// expect: verdant: a word has 4 to 32 bits
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::words<8>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::words<64>>::value;
#endif
