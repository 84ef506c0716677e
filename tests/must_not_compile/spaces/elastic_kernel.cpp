// expect: verdant: a kernel of this space is even
#include <verdant/space.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
namespace vd = verdant;
#if defined(VERDANT_GOOD)
using kernels = vd::choices<3, 5>;
#else
using kernels = vd::choices<3, 4>;
#endif
struct mine : vd::spaces::once_for_all<vd::spaces::constant_memory_family(), vd::choices<128>, kernels, vd::choices<2, 3>, vd::choices<2, 3, 4>> {};
static_assert(vd::parameter_count<mine> == 46);
