// expect: verdant: a die has 1 to 100 metal layers; write 0 for the usual ones of its process
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
#if defined(VERDANT_GOOD)
struct io : carbon::chiplet<74.0, carbon::layered_node::nm14, 12> {};
#else
struct io : carbon::chiplet<74.0, carbon::layered_node::nm14, -12> {};
#endif
inline auto area() { return io::value.area; }
