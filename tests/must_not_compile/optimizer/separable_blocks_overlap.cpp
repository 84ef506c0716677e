// expect: verdant: a parameter of this space is in two blocks
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/separable/space_blocks.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<1, 4>>, verdant::param<"width", verdant::range<1, 4>>> {};
template <>
#if defined(VERDANT_GOOD)
inline constexpr std::array verdant::separable_blocks<net>{verdant::parameter_block{"depth"}, verdant::parameter_block{"width"}};
#else
inline constexpr std::array verdant::separable_blocks<net>{verdant::parameter_block{"depth"}, verdant::parameter_block{"width", "depth"}};
#endif
static_assert(verdant::detail::blocks_check<net>::value);
