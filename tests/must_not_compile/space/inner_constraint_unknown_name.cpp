// expect: verdant: a constraint, when or fix names a parameter that this space does not have
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct inner : verdant::space<verdant::param<"a", verdant::range<1, 4>>, verdant::where<verdant::var<"a"> >= verdant::val<2>>> {};
struct net : verdant::space<verdant::nest<"x", verdant::fix<inner, "a", 2>>> {};
static_assert(verdant::cardinality<net> == 1);
#else
struct inner : verdant::space<verdant::param<"a", verdant::range<1, 4>>, verdant::where<verdant::var<"b"> >= verdant::val<2>>> {};
struct net : verdant::space<verdant::nest<"x", verdant::fix<inner, "a", 2>>> {};
static_assert(verdant::cardinality<net> == 1);
#endif
