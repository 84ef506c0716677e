// expect: verdant: the steps of a uniform of whole numbers are no whole numbers
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"rate", verdant::uniform<0.0, 1.0, 11>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"rate", verdant::uniform<0, 1, 11>>> {};
static_assert(verdant::valid<block>);
#endif
