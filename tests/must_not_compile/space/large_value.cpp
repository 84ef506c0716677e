// expect: verdant: a number of a domain or constraint is above 9223372036854775807
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"bytes", verdant::choices<1, 9223372036854775807LL>>> {};
#else
struct block : verdant::space<verdant::param<"bytes", verdant::choices<1, 9223372036854775808ULL>>> {};
#endif
static_assert(verdant::valid<block>);
