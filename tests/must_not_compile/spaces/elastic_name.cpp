// expect: verdant: this space has no parameter of that name
#include <verdant/space.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
namespace vd = verdant;
#if defined(VERDANT_GOOD)
inline constexpr auto kernel = vd::point<vd::spaces::comp_ofa>{}.get<"stage1.block2.kernel">();
#else
inline constexpr auto kernel = vd::point<vd::spaces::comp_ofa>{}.get<"stage1.block4.kernel">();
#endif
