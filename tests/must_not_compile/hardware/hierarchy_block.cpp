// expect: verdant: an access moves at least one word
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
constexpr auto l = hw::level<"buffer", hw::words<8, 4>>::value;
#else
constexpr auto l = hw::level<"buffer", hw::words<8, 0>>::value;
#endif
