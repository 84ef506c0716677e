// expect: verdant: two parameters of this space have the same name
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
struct net : verdant::space<verdant::nest<"vision", block>, verdant::nest<"text", block>> {};
inline constexpr verdant::point<net> first{};
#else
struct net : verdant::space<verdant::nest<"vision", block>, verdant::nest<"vision", block>> {};
inline constexpr verdant::point<net> first{};
#endif
