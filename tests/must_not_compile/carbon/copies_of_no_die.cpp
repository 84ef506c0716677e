// expect: verdant: what is copied is no die; write copies<4, my_die> with a struct derived from chiplet<...>
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
struct io : carbon::chiplet<74.0, carbon::layered_node::nm14, 12> {};
#if defined(VERDANT_GOOD)
struct four : carbon::copies<4, io> {};
#else
struct four : carbon::copies<4, carbon::packaged_die> {};
#endif
inline auto die() { return four::value; }
