// expect: verdant: a unit of this space has no parameter
// once
#include <verdant/spaces/reduced/reduced_space.hpp>

#include <array>

struct tower : verdant::space<verdant::param<"layers", verdant::range<1, 6>>> {};
struct towers : verdant::space<verdant::nest<"vision", tower>, verdant::nest<"text", tower>> {};
template <>
#if defined(VERDANT_GOOD)
inline constexpr std::array verdant::units_of<towers>{verdant::space_unit{"vision"}, verdant::space_unit{"text"}};
#else
inline constexpr std::array verdant::units_of<towers>{verdant::space_unit{"vision"}, verdant::space_unit{"txet"}};
#endif
verdant::point<towers> of(const verdant::reduced_space<towers>& reduced, verdant::random_stream& random) { return reduced.sample(random); }
