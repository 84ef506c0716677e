// expect: verdant: a parameter has more than 16 million values
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"bytes", verdant::range<0LL, 8'000'000'000LL, 1'000'000LL>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"bytes", verdant::range<0LL, 8'000'000'000LL>>> {};
static_assert(verdant::valid<block>);
#endif
