// expect: verdant: a package holds at least one of each of its dies; write copies<4, my_die>, or leave the die out
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
struct io : carbon::chiplet<74.0, carbon::layered_node::nm14, 12> {};
#if defined(VERDANT_GOOD)
struct ios : carbon::copies<1, io> {};
#else
struct ios : carbon::copies<0, io> {};
#endif
struct board : carbon::package<carbon::integration::organic, ios> {};
inline auto dies() { return board::dies; }
