// expect: verdant: the bounds or the number of values of a uniform or log_range are wrong
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::log_range<1e-5, 1e-1, 5>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"rate", verdant::log_range<1e-5, 1e-1, 1>>> {};
static_assert(verdant::valid<block>);
#endif
