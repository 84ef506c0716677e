// expect: verdant: a domain mixes values of different kinds
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"act", verdant::choices<"relu", "gelu">>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"act", verdant::choices<"relu", 4>>> {};
static_assert(verdant::valid<block>);
#endif
