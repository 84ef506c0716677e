// expect: verdant: an offset of a weight has 0 to 32 bits, and no other storage has offsets
#include <verdant/hardware/hierarchy/hierarchy.hpp>
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
inline constexpr auto my_level = hw::level<"buffer", hw::stores_weights<hw::weight_storage::offsets, 4>>::value;
#else
inline constexpr auto my_level = hw::level<"buffer", hw::stores_weights<hw::weight_storage::bitmask, 4>>::value;
#endif
