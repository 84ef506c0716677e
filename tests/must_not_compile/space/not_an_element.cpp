// expect: verdant: a space or when holds something other than param, where, nest, repeat and when
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>, verdant::nest<"block", block>> {};
static_assert(verdant::valid<net>);
#else
struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>, block> {};
static_assert(verdant::valid<net>);
#endif
