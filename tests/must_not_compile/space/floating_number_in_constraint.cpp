// expect: verdant: a constraint uses a floating-point number
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"ratio", verdant::range<1, 4>>, verdant::where<verdant::var<"ratio"> <= verdant::val<2>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"ratio", verdant::range<1, 4>>, verdant::where<verdant::var<"ratio"> <= verdant::val<2.5>>> {};
static_assert(verdant::valid<block>);
#endif
