// expect: verdant: an option of this level is none
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::capacity<4>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", int>::value;
#endif
