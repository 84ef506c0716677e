// expect: verdant: a log_range begins at zero or below
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::log_range<1e-5, 1e-1, 5>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"rate", verdant::log_range<0.0, 1e-1, 5>>> {};
static_assert(verdant::valid<block>);
#endif
