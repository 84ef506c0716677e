// expect: verdant: a parameter has an empty domain
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"width", verdant::range<1, 8, 1>>> {};
inline constexpr verdant::point<block> first{};
#else
struct block : verdant::space<verdant::param<"width", verdant::range<1, 8, 0>>> {};
inline constexpr verdant::point<block> first{};
#endif
