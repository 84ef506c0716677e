// expect: verdant: the compile-time search found no feasible point within its bound
#include <verdant/space.hpp>

using verdant::val, verdant::var;
struct block : verdant::space<verdant::param<"x", verdant::range<0, 99>>> {};
struct net : verdant::space<verdant::repeat<"a", 6, block>,
                            verdant::where<var<"a.0.x"> * var<"a.1.x"> * var<"a.2.x"> * var<"a.3.x"> * var<"a.4.x"> * var<"a.5.x"> == val<887503681>>> {};
#if defined(VERDANT_GOOD)
static_assert(verdant::well_formed<net>);
#else
static_assert(verdant::valid<net>);
#endif
