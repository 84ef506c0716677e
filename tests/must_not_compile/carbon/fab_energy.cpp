// expect: verdant: a fab runs on the grid of a place or on a source of electricity
#include <verdant/carbon/embodied.hpp>
using namespace verdant;
inline auto made_in(si::area die) {
#if defined(VERDANT_GOOD)
    return carbon::embodied<hardware::node::nm7, carbon::place::usa>(die);
#else
    return carbon::embodied<hardware::node::nm7, 369>(die);
#endif
}
