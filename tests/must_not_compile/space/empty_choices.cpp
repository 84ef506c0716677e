// expect: verdant: a parameter has an empty domain
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"width", verdant::choices<4>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"width", verdant::choices<>>> {};
static_assert(verdant::valid<block>);
#endif
