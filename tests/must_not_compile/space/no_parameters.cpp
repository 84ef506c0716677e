// expect: verdant: this space has no parameters
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"width", verdant::range<1, 2>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<> {};
static_assert(verdant::valid<block>);
#endif
