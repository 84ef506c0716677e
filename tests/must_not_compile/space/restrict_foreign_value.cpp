// expect: verdant: fix or restrict uses a value that the parameter's domain does not hold
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
struct narrow : verdant::restrict<block, "width", verdant::choices<16, 64>> {};
static_assert(verdant::valid<narrow>);
#else
struct narrow : verdant::restrict<block, "width", verdant::choices<16, 63>> {};
static_assert(verdant::valid<narrow>);
#endif
