// expect: verdant: this die is larger than the reticle, 26 mm x 33 mm = 858 mm2; split it into several chiplets of a package
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
#if defined(VERDANT_GOOD)
struct gpu : carbon::chiplet<815.0, carbon::layered_node::nm5> {};
#else
struct gpu : carbon::chiplet<1600.0, carbon::layered_node::nm5> {};
#endif
struct board : carbon::package<carbon::integration::organic, carbon::copies<2, gpu>> {};
inline auto cost() { return carbon::embodied<board>(); }
