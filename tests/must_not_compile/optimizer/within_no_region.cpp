// expect: verdant: the first argument of within is no region of a space
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
#if defined(VERDANT_GOOD)
using inside = vd::within<vd::space_part<net>, vd::random_search>;
#else
using inside = vd::within<net, vd::random_search>;
#endif
inside::options chosen{};
