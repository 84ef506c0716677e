// expect: verdant: the second argument of hierarchy_die is no process
#include <verdant/carbon/hierarchy_die.hpp>

namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;
struct net {};
struct array : hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer", hw::capacity<8192>, hw::fans_out<16, 16>>, hw::multipliers<0.5>> {};
#if defined(VERDANT_GOOD)
struct die : carbon::hierarchy_die<array, hw::node::nm7> {};
#else
struct die : carbon::hierarchy_die<array, 7> {};
#endif
static_assert(die::value.area > 0.0 * verdant::square_millimetres{});
