// expect: verdant: the prefix of a nest or repeat is empty or holds a character other than letters
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::nest<"vision", block>> {};
static_assert(verdant::valid<net>);
#else
struct net : verdant::space<verdant::nest<"", block>> {};
static_assert(verdant::valid<net>);
#endif
