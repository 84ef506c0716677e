// expect: verdant: this die is larger than the reticle, 26 mm x 33 mm = 858 mm2; split it into several chiplets of a package
// once
#include <verdant/carbon/hierarchy_die.hpp>
namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;
template <int Cores>
struct chip : hw::hierarchy<hw::level<"DRAM">, hw::level<"buffer", hw::capacity<(1 << 25)>, hw::fans_out<Cores>>,
                            hw::level<"L2", hw::capacity<(1 << 19)>, hw::fans_out<256, 256>>, hw::multipliers<0.5>> {};
#if defined(VERDANT_GOOD)
struct die : carbon::hierarchy_die<chip<16>, hw::node::nm28> {};
#else
struct die : carbon::hierarchy_die<chip<64>, hw::node::nm28> {};
#endif
struct board : carbon::package<carbon::integration::organic, carbon::copies<4, die>> {};
inline auto cost() { return carbon::embodied<board>(); }
