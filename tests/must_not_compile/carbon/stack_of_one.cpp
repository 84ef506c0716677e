// expect: verdant: a stack holds at least two dies; write more of them, or integration::organic for one
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
struct io : carbon::chiplet<74.0, carbon::layered_node::nm14, 12> {};
#if defined(VERDANT_GOOD)
struct board : carbon::package<carbon::integration::hybrid_bonds, io, io> {};
#else
struct board : carbon::package<carbon::integration::hybrid_bonds, io> {};
#endif
inline auto dies() { return board::dies; }
