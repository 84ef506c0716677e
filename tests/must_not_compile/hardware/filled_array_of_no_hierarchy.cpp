// expect: verdant: the argument of filled_array is no memory hierarchy
#include <verdant/hardware/hierarchy/array_fill.hpp>
#include <verdant/hardware/hierarchy/hierarchy.hpp>

namespace hw = verdant::hardware;
struct net {};
using memories = hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer", hw::capacity<8192>, hw::fans_out<16, 16>>, hw::multipliers<0.5>>;
#if defined(VERDANT_GOOD)
struct chip : hw::filled_array<memories> {};
#else
struct chip : hw::filled_array<net> {};
#endif
static_assert(chip::levels[0].capacity > 1);
