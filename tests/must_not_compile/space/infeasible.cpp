// expect: verdant: no point of this space satisfies its constraints
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<verdant::var<"a.width"> < verdant::var<"a.heads"> * verdant::val<2>>> {};
static_assert(verdant::valid<net>);
#else
struct net : verdant::space<verdant::nest<"a", block>, verdant::where<verdant::var<"a.width"> < verdant::var<"a.heads">>> {};
static_assert(verdant::valid<net>);
#endif
