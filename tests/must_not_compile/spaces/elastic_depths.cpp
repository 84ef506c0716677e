// expect: verdant: the depths do not fit the blocks of this family
#include <verdant/space.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
namespace vd = verdant;
#if defined(VERDANT_GOOD)
constexpr int depth = 3;
#else
constexpr int depth = 4;
#endif
struct mine : vd::spaces::once_for_all<vd::spaces::mobilenet_v3_family(1.0, 1000, depth), vd::choices<128>, vd::choices<3, 5>, vd::choices<3, 6>,
                                       vd::choices<2, 3>> {};
static_assert(vd::parameter_count<mine> > 0);
