// expect: verdant: a parameter's name is empty or holds a character other than letters
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"out_width", verdant::range<1, 2>>> {};
static_assert(verdant::valid<block>);
#else
struct block : verdant::space<verdant::param<"out width", verdant::range<1, 2>>> {};
static_assert(verdant::valid<block>);
#endif
