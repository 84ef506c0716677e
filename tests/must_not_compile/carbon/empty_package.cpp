// expect: verdant: this package holds no die; write at least one, as package<integration::organic, my_die>
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
struct io : carbon::chiplet<74.0, carbon::layered_node::nm14, 12> {};
#if defined(VERDANT_GOOD)
struct board : carbon::package<carbon::integration::organic, io> {};
#else
struct board : carbon::package<carbon::integration::organic> {};
#endif
inline auto dies() { return board::dies; }
