// expect: verdant: no network of 8 channels or more fits this memory budget
#include <verdant/space.hpp>
#include <verdant/spaces/once_for_all/within_memory.hpp>
namespace vd = verdant;
#if defined(VERDANT_GOOD)
struct small : vd::spaces::constant_memory<600000> {};
#else
struct small : vd::spaces::constant_memory<4000> {};
#endif
static_assert(vd::parameter_count<small> == 46);
