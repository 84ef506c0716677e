// expect: verdant: a domain lists a value twice
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"act", verdant::choices<"relu", "gelu">>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"act", verdant::choices<"relu", "relu">>> {};
static_assert(verdant::valid<block>);
#endif
