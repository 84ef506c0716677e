// expect: verdant: this capacity holds nothing
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
constexpr auto l = hw::level<"buffer", hw::capacity<64>>::value;
#else
constexpr auto l = hw::level<"buffer", hw::capacity<0>>::value;
#endif
