// expect: verdant: a bound or number is infinite or NaN
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::range<0.0, 1.0, 0.5>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"rate", verdant::range<0.0, 1.0, __builtin_nan("")>>> {};
static_assert(verdant::valid<block>);
#endif
