// expect: verdant: this space nests no space below that prefix
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
struct net : verdant::space<verdant::repeat<"layer", 4, block>> {};
#if defined(VERDANT_GOOD)
inline constexpr auto width = verdant::point<net>{}.nested<"layer", 3>().get<"width">();
#else
inline constexpr auto width = verdant::point<net>{}.nested<"layer", 4>().get<"width">();
#endif
