// expect: verdant: two values of a uniform or log_range round to the same number
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::log_range<1, 64, 7>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"rate", verdant::log_range<1, 64, 30>>> {};
static_assert(verdant::valid<block>);
#endif
