// expect: verdant: a constraint mixes a string or an enumerator with a number
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"act", verdant::choices<"relu", "gelu">>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<verdant::var<"a.act"> != verdant::val<"gelu">>> {};
static_assert(verdant::valid<net>);
#else
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<verdant::var<"a.act"> < verdant::val<"gelu">>> {};
static_assert(verdant::valid<net>);
#endif
