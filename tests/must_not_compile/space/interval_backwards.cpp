// expect: verdant: the bounds or the number of values of a uniform or log_range are wrong
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::uniform<0.0, 0.5, 6>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"rate", verdant::uniform<0.5, 0.0, 6>>> {};
static_assert(verdant::valid<block>);
#endif
