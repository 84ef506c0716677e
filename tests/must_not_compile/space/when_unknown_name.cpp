// expect: verdant: a constraint, when or fix names a parameter that this space does not have
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"deep", verdant::flag>,
                              verdant::when<verdant::var<"deep"> == verdant::val<true>, verdant::param<"depth", verdant::range<2, 8>>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"deep", verdant::flag>,
                              verdant::when<verdant::var<"depe"> == verdant::val<true>, verdant::param<"depth", verdant::range<2, 8>>>> {};
static_assert(verdant::valid<block>);
#endif
