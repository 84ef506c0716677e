// expect: verdant: a constraint, when or fix names a parameter that this space does not have
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::nest<"vision", block>, verdant::where<verdant::var<"vision.width"> >= verdant::val<16>>> {};
static_assert(verdant::valid<net>);
#else
struct net : verdant::space<verdant::nest<"vision", block>, verdant::where<verdant::var<"vison.width"> >= verdant::val<16>>> {};
static_assert(verdant::valid<net>);
#endif
