// expect: verdant: a die of a hierarchy is made at 28, 14, 10 or 7 nm, of which both area and carbon are known; write node::nm7, for example
// once
#include <verdant/carbon/hierarchy_die.hpp>
namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;
using small = hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer", hw::capacity<65536>, hw::fans_out<16, 16>>, hw::multipliers<0.5>>;
#if defined(VERDANT_GOOD)
struct die : carbon::hierarchy_die<small, hw::node::nm7> {};
#else
struct die : carbon::hierarchy_die<small, hw::node::nm22> {};
#endif
struct board : carbon::package<carbon::integration::organic, die> {};
inline auto cost() { return carbon::embodied<board>(); }
