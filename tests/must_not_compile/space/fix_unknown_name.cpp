// expect: verdant: a constraint, when or fix names a parameter that this space does not have
#include <verdant/space.hpp>

struct block : verdant::space<verdant::param<"width", verdant::range<8, 64, 8>>, verdant::param<"heads", verdant::choices<2, 4, 8>>> {};
#if defined(VERDANT_GOOD)
struct narrow : verdant::fix<block, "width", 64> {};
inline constexpr verdant::point<narrow> first{};
#else
struct narrow : verdant::fix<block, "widht", 64> {};
inline constexpr verdant::point<narrow> first{};
#endif
