// expect: verdant: a domain lists a value twice
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"width", verdant::choices<4, 8>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"width", verdant::choices<4, 8, 4>>> {};
static_assert(verdant::valid<block>);
#endif
