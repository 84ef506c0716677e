// expect: verdant: a constraint computes with a floating-point parameter
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"ratio", verdant::range<0.25, 1.0, 0.25>>, verdant::where<verdant::var<"ratio"> <= verdant::val<0.5>>> {};
static_assert(verdant::valid<block>);
#else
struct block
    : verdant::space<verdant::param<"ratio", verdant::range<0.25, 1.0, 0.25>>, verdant::where<verdant::var<"ratio"> * verdant::val<2> <= verdant::val<1>>> {};
static_assert(verdant::valid<block>);
#endif
