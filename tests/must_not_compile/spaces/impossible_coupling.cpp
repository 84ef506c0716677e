// expect: verdant: the coupling of this space leaves a depth without expansion
#include <verdant/space.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
namespace vd = verdant;
#if defined(VERDANT_GOOD)
using vd::spaces::coupled_to_depth, vd::spaces::depth_expand;
using pairs = coupled_to_depth<depth_expand{2, 3}, depth_expand{3, 4}, depth_expand{4, 6}>;
#else
using vd::spaces::coupled_to_depth, vd::spaces::depth_expand;
using pairs = coupled_to_depth<depth_expand{2, 5}, depth_expand{3, 5}>; // 5 is no expansion of this space
#endif
using depths = vd::choices<2, 3, 4>;
using ratios = vd::choices<3, 4, 6>;
struct mine : vd::spaces::once_for_all<vd::spaces::mobilenet_v3_family(), vd::choices<128>, vd::choices<3>, ratios, depths, pairs> {};
static_assert(vd::parameter_count<mine> == 46);
