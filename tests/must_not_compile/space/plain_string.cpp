// expect: verdant: an expression holds a plain number or string
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"act", verdant::choices<"relu", "gelu">>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<verdant::var<"a.act"> == verdant::val<"relu">>> {};
static_assert(verdant::valid<net>);
#else
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<verdant::var<"a.act"> == "relu">> {};
static_assert(verdant::valid<net>);
#endif
