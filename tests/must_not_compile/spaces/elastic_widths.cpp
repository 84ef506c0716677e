// expect: verdant: a width of this family is no multiple of 8
#include <verdant/space.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
namespace vd = verdant;
constexpr auto odd() {
    auto family = vd::spaces::mobilenet_v3_family();
#if !defined(VERDANT_GOOD)
    family.stages[2].width = 75;
#endif
    return family;
}
struct mine : vd::spaces::once_for_all<odd(), vd::choices<128, 160>, vd::choices<3, 5>, vd::choices<3, 6>, vd::choices<2, 3, 4>> {};
static_assert(vd::parameter_count<mine> == 46);
