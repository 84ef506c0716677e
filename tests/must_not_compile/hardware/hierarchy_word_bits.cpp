// expect: verdant: a word has 4 to 32 bits
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
constexpr auto l = hw::level<"buffer", hw::words<8>>::value;
#else
constexpr auto l = hw::level<"buffer", hw::words<64>>::value;
#endif
