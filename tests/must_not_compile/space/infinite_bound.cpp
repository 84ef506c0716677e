// expect: verdant: a bound or number is infinite or NaN
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::log_range<1.0, 8.0, 4>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"rate", verdant::log_range<1.0, __builtin_inf(), 4>>> {};
static_assert(verdant::valid<block>);
#endif
