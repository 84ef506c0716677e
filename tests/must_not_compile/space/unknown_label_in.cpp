// expect: verdant: a constraint compares a parameter with a string or enumerator that is none of its values
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"act", verdant::choices<"relu", "gelu">>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<verdant::in<"relu", "gelu">(verdant::var<"a.act">)>> {};
static_assert(verdant::valid<net>);
#else
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<verdant::in<"relu", "elu">(verdant::var<"a.act">)>> {};
static_assert(verdant::valid<net>);
#endif
