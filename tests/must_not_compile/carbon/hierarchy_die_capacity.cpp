// expect: verdant: a level of this die has no capacity, so that its area is unknown; write capacity<words> for all levels but the outermost
// once
#include <verdant/carbon/hierarchy_die.hpp>
namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;
#if defined(VERDANT_GOOD)
using buffer = hw::level<"buffer", hw::capacity<65536>, hw::fans_out<16, 16>>;
#else
using buffer = hw::level<"buffer", hw::fans_out<16, 16>>;
#endif
struct die : carbon::hierarchy_die<hw::hierarchy<hw::level<"DRAM">, buffer, hw::multipliers<0.5>>, hw::node::nm14> {};
struct board : carbon::package<carbon::integration::organic, die> {};
inline auto cost() { return carbon::embodied<board>(); }
