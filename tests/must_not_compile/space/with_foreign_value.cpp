// expect: verdant: the parameter has no such value
// once
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
inline constexpr auto wider = verdant::point<block>{}.with<"width", 16>();
#else
inline constexpr auto wider = verdant::point<block>{}.with<"width", 17>();
#endif
