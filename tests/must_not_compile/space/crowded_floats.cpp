// expect: verdant: two values of a uniform or log_range round to the same number
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::uniform<1.0, 2.0, 1000>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"rate", verdant::uniform<1.0, 1.0 + 0x1p-50, 1000>>> {};
static_assert(verdant::valid<block>);
#endif
