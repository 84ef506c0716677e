// expect: verdant: a package holds at most 1000000 dies; write fewer copies
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
struct io : carbon::chiplet<74.0, carbon::layered_node::nm14, 12> {};
struct some : carbon::copies<60'000, io> {};
#if defined(VERDANT_GOOD)
struct ios : carbon::copies<2, some> {};
#else
struct ios : carbon::copies<60'000, some> {};
#endif
struct board : carbon::package<carbon::integration::organic, ios> {};
inline auto dies() { return board::dies; }
