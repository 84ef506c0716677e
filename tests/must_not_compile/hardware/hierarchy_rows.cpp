// expect: verdant: there is at least one row
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::accessed_as_rows<4>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::accessed_as_rows<0>>::value;
#endif
