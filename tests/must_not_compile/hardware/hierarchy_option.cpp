// expect: verdant: an option of this level is none
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
constexpr auto l = hw::level<"buffer", hw::capacity<4>>::value;
#else
constexpr auto l = hw::level<"buffer", int>::value;
#endif
