// expect: verdant: two parameters of this space have the same name
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"width", verdant::range<1, 2>>, verdant::param<"depth", verdant::range<1, 4>>> {};
static_assert(verdant::cardinality<block> == 8);
#else
struct block : verdant::space<verdant::param<"width", verdant::range<1, 2>>, verdant::param<"width", verdant::range<1, 4>>> {};
static_assert(verdant::cardinality<block> == 8);
#endif
