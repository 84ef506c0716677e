// expect: verdant: a die has an area above 0 mm2; write it as chiplet<74.0, layered_node::nm7>
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
#if defined(VERDANT_GOOD)
struct io : carbon::chiplet<0.5, carbon::layered_node::nm14> {};
#else
struct io : carbon::chiplet<-0.5, carbon::layered_node::nm14> {};
#endif
inline auto area() { return io::value.area; }
