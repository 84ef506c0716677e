// expect: verdant: a constraint compares a floating-point parameter with something of another kind
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::uniform<0.0, 1.0, 3>>, verdant::where<verdant::var<"rate"> != verdant::val<1>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"n", verdant::range<0, 1>>, verdant::param<"rate", verdant::uniform<0.0, 1.0, 3>>, verdant::where<verdant::var<"rate"> != verdant::var<"n">>> {};
static_assert(verdant::valid<block>);
#endif
