// expect: verdant: a monolithic 3-D die has two tiers; stack more by integration::hybrid_bonds
// once
#include <verdant/carbon/chiplet.hpp>
using namespace verdant;
struct tier : carbon::chiplet<0.77, carbon::layered_node::nm28, 6> {};
#if defined(VERDANT_GOOD)
struct board : carbon::package<carbon::integration::monolithic, tier, tier> {};
#else
struct board : carbon::package<carbon::integration::monolithic, carbon::copies<3, tier>> {};
#endif
inline auto dies() { return board::dies; }
