// expect: verdant: the second argument of a param is no domain
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"deep", verdant::flag>> {};
inline constexpr auto deep = verdant::point<block>{}.get<"deep">();
#else
struct block : verdant::space<verdant::param<"deep", bool>> {};
inline constexpr auto deep = verdant::point<block>{}.get<"deep">();
#endif
