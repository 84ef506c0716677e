// expect: verdant: the second argument of within is no optimizer
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>

namespace vd = verdant;
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>> {};
#if defined(VERDANT_GOOD)
using inside = vd::within<vd::space_part<net>, vd::random_search>;
#else
using inside = vd::within<vd::space_part<net>, net>;
#endif
inside::options chosen{};
