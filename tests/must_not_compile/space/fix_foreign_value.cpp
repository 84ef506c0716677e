// expect: verdant: fix or restrict uses a value that the parameter's domain does not hold
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
static_assert(verdant::cardinality<verdant::fix<block, "width", 64>> == 3);
#else
static_assert(verdant::cardinality<verdant::fix<block, "width", 60>> == 3);
#endif
