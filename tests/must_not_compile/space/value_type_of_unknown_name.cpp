// expect: verdant: this space has no parameter of that name
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
using width = verdant::value_of<block, "width">;
inline constexpr width w = 8;
#else
using width = verdant::value_of<block, "widht">;
inline constexpr width w = 8;
#endif
