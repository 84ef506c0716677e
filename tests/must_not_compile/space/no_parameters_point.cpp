// expect: verdant: this space has no parameters
#include <verdant/space.hpp>

#if defined(VERDANT_GOOD)
struct block : verdant::space<verdant::param<"width", verdant::range<1, 2>>> {};
inline constexpr verdant::point<block> first{};
#else
struct block : verdant::space<> {};
inline constexpr verdant::point<block> first{};
#endif
