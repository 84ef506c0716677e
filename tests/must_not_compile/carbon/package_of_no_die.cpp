// expect: verdant: what a package holds is no die; write chiplets or copies of them
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
struct io : carbon::chiplet<74.0, carbon::layered_node::nm14, 12> {};
#if defined(VERDANT_GOOD)
struct board : carbon::package<carbon::integration::organic, io> {};
#else
struct board : carbon::package<carbon::integration::organic, carbon::packaged_die> {};
#endif
inline auto how() { return board::how; }
