// expect: verdant: a nest or repeat holds something that is no space
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::repeat<"block", 4, block>> {};
inline constexpr auto width = verdant::point<net>{}.get<"block.3.width">();
#else
struct net : verdant::space<verdant::repeat<"block", 4, verdant::range<1, 4>>> {};
inline constexpr verdant::point<net> first{};
#endif
