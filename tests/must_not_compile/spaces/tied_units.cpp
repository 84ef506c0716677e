// expect: verdant: a constraint ties a unit of this space to other parameters
// once
#include <verdant/spaces/reduced/reduced_space.hpp>

#include <array>

struct tower : verdant::space<verdant::param<"layers", verdant::range<1, 6>>> {};
#if defined(VERDANT_GOOD)
struct towers : verdant::space<verdant::nest<"vision", tower>, verdant::nest<"text", tower>> {};
#else
struct towers : verdant::space<verdant::nest<"vision", tower>, verdant::nest<"text", tower>,
                               verdant::where<verdant::var<"vision.layers"> >= verdant::var<"text.layers">>> {};
#endif
template <>
inline constexpr std::array verdant::units_of<towers>{verdant::space_unit{"vision"}, verdant::space_unit{"text"}};
verdant::point<towers> of(const verdant::reduced_space<towers>& reduced, verdant::random_stream& random) { return reduced.sample(random); }
